//! Letters as they were issued, others in their place, and what wear leaves of either.

use super::*;
use crate::document::typeface::tests::TYPEFACES;

const SIZE: (usize, usize) = (100, 100);

fn outline(character: char) -> Outline {
    Outline::of(TYPEFACES.faces().unwrap().face(Font::Text), character).unwrap()
}

fn issued() -> Letter {
    let (item, font, glyph) = (0, Font::Text, 0);
    let outline = outline('大');
    Letter { item, font, glyph, character: '大', outline, origin_mm: (1.0, 5.0), size_mm: 4.0, advance: 1.0 }
}

/// The letter 大 as it was issued, and this one in its place, with what dirt leaves of each pixel.
fn seen(character: char, dirt: impl Fn(usize, usize, f32) -> f32) -> Window {
    let blank = Plane::from_pixels(SIZE.0, SIZE.1, |_, _| 0.0);
    let known = blank.map(|_| 1.0);
    let window = Window { corner: (0, 0), edges: blank.clone(), presented: blank, known };
    let letter = issued();
    let edges = coverage(&letter.outline, letter.frame(&window));
    let other = coverage(&outline(character), letter.frame(&window));
    let presented = Plane::from_pixels(SIZE.0, SIZE.1, |x, y| dirt(x, y, other.get(x, y)));
    Window { edges, presented, ..window }
}

fn replaced(others: &str, window: &Window) -> f32 {
    replaced_as_printed(others, window, Plane::clone)
}

fn replaced_as_printed(others: &str, window: &Window, printed: impl Fn(&Plane) -> Plane) -> f32 {
    let others: Vec<Outline> = others.chars().map(outline).collect();
    issued().replaced(&others, window, printed, 1.0).found
}

#[test]
fn a_letter_that_was_replaced_speaks_for_the_other_and_one_that_was_not_for_itself() {
    let clean = |_, _, ink| ink;
    assert!(replaced("太犬木", &seen('太', clean)) > 0.5);
    assert!(replaced("太犬木", &seen('大', clean)) < -0.5);
    // None of those that are known is what stands there, and still it is not 大.
    assert!(replaced("犬木", &seen('林', clean)) > 0.3);
}

#[test]
fn a_letter_that_a_fold_moved_is_the_letter_that_it_is() {
    let moved = |character| {
        let window = seen(character, |_, _, ink| ink);
        let before = |x: usize, y: usize| Some((x.checked_sub(3)?, y.checked_sub(2)?));
        let ink = |x, y| before(x, y).map_or(0.0, |(x, y)| window.presented.get(x, y));
        Window { presented: Plane::from_pixels(SIZE.0, SIZE.1, ink), ..window }
    };
    // Looked at on the spot, neither is like what is seen.
    assert!(replaced("太犬木", &moved('大')) < DOUBTFUL + 0.01);
    assert!(replaced("太犬木", &moved('太')) > 0.4);
}

#[test]
fn a_dot_of_the_ground_is_no_stroke() {
    // Where 太 has its own, as heavy as that.
    let own = {
        let (with, without) = (seen('太', |_, _, ink| ink).presented, seen('大', |_, _, ink| ink).presented);
        with.zip(&without, |with, without| (with - without).max(0.0))
    };
    let on_dot = seen('大', |x, y, ink| ink.max(own.get(x, y)));
    let unknown = replaced("太犬木", &on_dot);
    let known = replaced_as_printed("太犬木", &on_dot, |edges| edges.zip(&own, f32::max));
    assert!(known < -0.5 && unknown > known + 0.3, "{known} {unknown}");
}

#[test]
fn a_hairline_is_enough_to_make_another_letter() {
    let letter = Letter { character: '日', outline: outline('日'), size_mm: 3.1, ..issued() };
    let blank = Plane::from_pixels(SIZE.0, SIZE.1, |_, _| 0.0);
    let known = blank.map(|_| 1.0);
    let window = Window { corner: (0, 0), edges: blank.clone(), presented: blank, known };
    let frame = letter.frame(&window);
    // The bars of a thin print are grey.
    let printed = |edges: &Plane| edges.blurred(1.5);
    let (edges, presented) = (coverage(&letter.outline, frame), printed(&coverage(&outline('目'), frame)));
    let others = ['目', '白', '月'].map(outline);
    assert!(letter.replaced(&others, &Window { edges, presented, ..window }, printed, 1.5).found > 0.5);
}

#[test]
fn what_is_seen_leads_to_the_letter_that_stands_there() {
    let faces = TYPEFACES.faces().unwrap();
    let glyph = |character| faces.face(Font::Text).glyph_index(character).unwrap();
    let among_the_seen = |seen_there: char| {
        let seen = issued().seen(&seen(seen_there, |_, _, ink| ink));
        faces.alike('大', glyph('大'), Font::Text, &seen).contains(&glyph('書'))
    };
    assert!(among_the_seen('書') && !among_the_seen('大'));
}

#[test]
fn a_letter_that_is_gone_was_replaced_by_none() {
    assert!(replaced("太", &seen('大', |_, _, _| 0.0)) > 0.5);
}

#[test]
fn a_speck_and_a_void_are_explained_by_dirt_and_a_stroke_is_not() {
    let explained = |dirt: &dyn Fn(usize, usize, f32) -> f32| {
        let window = seen('大', dirt);
        let (error, _) = window.error(&window.edges, NEAR);
        window.explained_by_dirt(&window.edges, 1.0) / error
    };
    // Which part of a pixel lies inside an edge, as blurred as the scan is.
    let part = |inside: f32| 1.0 / (1.0 + (-1.702 * inside).exp());
    // 0.35 mm across, beside the letter and on the middle of its level stroke.
    let disc = |x: usize, y: usize, middle: (f32, f32)| part(2.75 - (x as f32 - middle.0).hypot(y as f32 - middle.1));
    let letter = seen('大', |_, _, ink| ink).presented;
    let level = (0..SIZE.1).max_by(|one, other| {
        let ink = |y: usize| letter.row(y).iter().sum::<f32>();
        ink(*one).total_cmp(&ink(*other))
    });
    let on_stroke = (40.0, level.unwrap() as f32);
    // As heavy as the speck, 1.3 mm long.
    let bar = |x: usize, y: usize| part((10.0 - (x as f32 - 80.0).abs()).min(0.75 - (y as f32 - 13.0).abs()));
    let with = |ink: f32, dirt: f32| 1.0 - (1.0 - ink) * (1.0 - dirt);
    let speck = explained(&|x, y, ink| with(ink, disc(x, y, (88.0, 14.0))));
    let void = explained(&|x, y, ink| ink * (1.0 - disc(x, y, on_stroke)));
    let stroke = explained(&|x, y, ink| with(ink, bar(x, y)));
    assert!(speck > 0.7 && void > 0.6 && stroke < 0.5, "{speck} {void} {stroke}");
}

#[test]
fn what_a_crack_took_away_says_nothing() {
    // The lower half is gone, and known to be.
    let halved = seen('大', |_, y, ink| if y > 45 { 0.0 } else { ink });
    let known = Plane::from_pixels(SIZE.0, SIZE.1, |_, y| f32::from(u8::from(y <= 45)));
    assert!(replaced("太", &halved) > 0.3);
    assert!(replaced("太", &Window { known, ..halved }) < 0.0);
}

#[test]
fn a_letter_may_lie_a_pixel_aside() {
    let letter = seen('大', |_, _, ink| ink);
    let moved = Plane::from_pixels(SIZE.0, SIZE.1, |x, y| letter.presented.get(x + 1, y + 1));
    assert!(replaced("太犬木", &Window { presented: moved, ..letter }) < -0.5);
}
