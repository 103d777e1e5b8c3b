//! How far a part of the paper lies aside: in whole pixels first, and between them by how the error rises on both sides.

use std::ops::Range;

use crate::inspection::letters::differences;
use crate::inspection::parabola::least_of;
use crate::inspection::plane::Plane;

/// Pixels by which a fold moves paper: 0.4 mm.
const REACH: usize = 3;
/// Places that are tried along each direction.
const PLACES: usize = 2 * REACH + 1;
/// What a pixel of the way costs: what lies equally well anywhere stays.
const COST: f32 = 0.04;

/// Errors by rows, then columns of places.
type Errors = [[f32; PLACES]; PLACES];

/// Pixels to the right and down by which what is seen lies aside from the drawing, judged on a part of the page.
pub(super) fn way(
    (drawn, seen): (&Plane, &Plane),
    (columns, rows): (Range<usize>, Range<usize>),
    weight: impl Fn(usize, usize) -> f32,
) -> (f32, f32) {
    let columns = inside(&columns, drawn.width());
    let rows = inside(&rows, drawn.height());
    let weights = Plane::from_pixels(columns.len(), rows.len(), |x, y| weight(columns.start + x, rows.start + y));
    let of_row = |(row, y): (usize, usize), (across, down): (usize, usize)| -> f32 {
        let seen = seen.stretch((columns.start + across - REACH, y + down - REACH), columns.len());
        differences(drawn.stretch((columns.start, y), columns.len()), seen, weights.row(row))
    };
    let error = |place: (usize, usize)| rows.clone().enumerate().map(|row| of_row(row, place)).sum();
    nearest(&std::array::from_fn(|down| std::array::from_fn(|across| error((across, down)))))
}

/// The part from which every place that is tried lies on the page.
fn inside(part: &Range<usize>, length: usize) -> Range<usize> {
    let start = part.start.max(REACH);
    start..part.end.min(length.saturating_sub(REACH)).max(start)
}

/// Where the error is least, from the middle.
fn nearest(errors: &Errors) -> (f32, f32) {
    let at = |across: usize, down: usize| errors.get(down).and_then(|row| row.get(across)).copied();
    let cost = |(across, down): (usize, usize)| {
        let pixels = (across.abs_diff(REACH) + down.abs_diff(REACH)) as f32;
        at(across, down).unwrap_or(f32::INFINITY) * (1.0 + COST * pixels)
    };
    let places = (0..PLACES).flat_map(|down| (0..PLACES).map(move |across| (across, down)));
    // What says nothing at all stays in the middle, though it is not the first place.
    let best = places.fold((REACH, REACH), |best, place| if cost(place) < cost(best) { place } else { best });
    let (across, down) = best;
    let aside = |place: usize, error: &dyn Fn(usize) -> Option<f32>| {
        let around =
            [place.checked_sub(1).and_then(error), error(place), error(place + 1)].map(|error| error.map(f64::from));
        let between =
            if let [Some(before), Some(here), Some(after)] = around { least_of(before, here, after) } else { 0.0 };
        place as f32 - REACH as f32 + between as f32
    };
    (aside(across, &|across| at(across, down)), aside(down, &|down| at(across, down)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters of no script, blurred as a scan is.
    fn page(aside: (f32, f32)) -> Plane {
        let stroke =
            |at: f32, length: f32| (length / 2.0 - (at - (at / 9.0).floor() * 9.0 - 4.5).abs() + 0.5).clamp(0.0, 1.0);
        let page =
            Plane::from_pixels(96, 64, |x, y| stroke(x as f32 - aside.0, 2.0).max(stroke(y as f32 - aside.1, 3.0)));
        page.blurred(0.8)
    }

    fn found(aside: (f32, f32)) -> (f32, f32) {
        way((&page((0.0, 0.0)), &page(aside)), (10..80, 10..50), |_, _| 1.0)
    }

    #[test]
    fn paper_that_lies_aside_is_found_closer_than_a_quarter_of_a_pixel() {
        for aside in [(0.0, 0.0), (0.5, 0.0), (-1.3, 2.0), (2.3, -0.8)] {
            let (across, down) = found(aside);
            assert!((across - aside.0).abs() < 0.25 && (down - aside.1).abs() < 0.25, "{aside:?}: {across} {down}");
        }
    }

    #[test]
    fn blank_paper_and_a_part_beyond_the_page_stay_where_they_are() {
        let blank = Plane::from_pixels(96, 64, |_, _| 0.0);
        let nowhere =
            |part: (Range<usize>, Range<usize>)| way((&page((0.0, 0.0)), &page((1.0, 1.0))), part, |_, _| 1.0);
        assert_eq!(way((&blank, &blank), (10..80, 10..50), |_, _| 1.0), (0.0, 0.0));
        assert_eq!(nowhere((200..210, 10..50)), (0.0, 0.0));
        assert_eq!(nowhere((0..0, 0..0)), (0.0, 0.0));
    }

    #[test]
    fn what_lies_beyond_a_fold_does_not_sway_the_rest() {
        let (still, moved) = (page((0.0, 0.0)), page((0.0, 2.0)));
        let seen = Plane::from_pixels(96, 64, |x, y| if y < 30 { still.get(x, y) } else { moved.get(x, y) });
        let above = way((&still, &seen), (10..80, 10..50), |_, y| if y < 30 { 1.0 } else { 0.0 });
        let below = way((&still, &seen), (10..80, 10..50), |_, y| if y < 30 { 0.0 } else { 1.0 });
        assert!(above.1.abs() < 0.25 && (below.1 - 2.0).abs() < 0.25, "{above:?} {below:?}");
    }
}
