//! Folds on pages that are drawn for it.

use super::*;

/// A row of strokes on a page, and what is there after a fold with a shadow of this darkness; none is no fold.
fn page(darkness: f32) -> [Plane; 2] {
    const SIZE: (usize, usize) = (640, 400);
    let is_stroke = |x: usize, y: usize| x % 20 < 3 && (40..360).contains(&x.min(599)) && (180..240).contains(&y);
    let drawn = Plane::from_pixels(SIZE.0, SIZE.1, |x, y| f32::from(u8::from(is_stroke(x, y))));
    // The fold passes the middle at 210.5, two thousandths downwards.
    let below = |x: usize, y: usize| y as f32 + 0.5 - 210.5 - 0.002 * (x as f32 + 0.5 - 320.0);
    let presented = Plane::from_pixels(SIZE.0, SIZE.1, |x, y| {
        // Noise that is the same every time.
        let noise = ((x * 7919 + y * 104_729) % 97) as f32 / 97.0 * 0.04;
        let distance = below(x, y);
        if darkness <= 0.0 {
            return drawn.get(x, y) + noise;
        }
        let shadow = darkness * (-(distance / 8.0).powi(2)).exp();
        let ink = if distance.abs() < 2.0 { 0.1 } else { 1.0 };
        drawn.get(x, y) * ink + noise + shadow
    });
    [drawn, presented]
}

fn folds(drawn: &Plane, presented: &Plane) -> Vec<Fold> {
    Fold::along_all(&lines(drawn, presented), drawn, presented)
}

#[test]
fn a_fold_is_found_where_it_runs_with_its_crack_and_its_shadow() {
    let [drawn, presented] = page(0.1);
    let folds = folds(&drawn, &presented);
    assert_eq!(folds.len(), 1, "{folds:?}");
    for x in [40.0_f32, 320.0, 600.0] {
        let line = 210.5 + 0.002 * (x - 320.0);
        assert!(folds[0].below((x, line)).abs() < 1.5, "{folds:?}");
        assert!(folds[0].is_cracked((x, line)) && !folds[0].is_cracked((x, line + 6.0)));
        assert!(folds[0].is_near((x, line + 6.0)) && !folds[0].is_near((x, line + 11.0)));
        assert!((shadow_at(&folds, (x, line)) - 0.1).abs() < 0.02, "{}", shadow_at(&folds, (x, line)));
        assert!(shadow_at(&folds, (x, line + 36.0)).abs() < 0.02);
    }
}

#[test]
fn two_folds_close_to_each_other_are_two_and_their_shadows_one() {
    // 3.7 mm apart: a narrow shadow beside a wide one.
    let shadow = |y: f32| 0.14 * (-((y - 200.5) / 6.0).powi(2)).exp() + 0.16 * (-((y - 229.5) / 14.0).powi(2)).exp();
    let [drawn, unfolded] = page(0.0);
    let presented =
        Plane::from_pixels(drawn.width(), drawn.height(), |x, y| unfolded.get(x, y) + shadow(y as f32 + 0.5));
    let lines = lines(&drawn, &presented);
    assert!(lines.iter().all(|line| line.slope.abs() < 0.001), "{lines:?}");
    let mut at: Vec<f32> = lines.iter().map(|line| line.at).collect();
    at.sort_by(f32::total_cmp);
    assert!(matches!(at[..], [one, other] if (one - 200.5).abs() < 2.0 && (other - 229.5).abs() < 2.0), "{at:?}");
    let folds = folds(&drawn, &presented);
    for y in (180..260).map(|y| y as f32) {
        assert!((shadow_at(&folds, (320.0, y)) - shadow(y)).abs() < 0.03, "{y}: {}", shadow_at(&folds, (320.0, y)));
    }
}

#[test]
fn a_page_with_stripes_all_over_has_no_end_of_folds_and_the_darkest_are_taken() {
    let drawn = Plane::from_pixels(640, 2000, |_, _| 0.0);
    // Twenty, each darker than the one above.
    let stripe = |y: f32| 0.05 + 0.01 * (y / 100.0).floor();
    let presented =
        Plane::from_pixels(640, 2000, |_, y| stripe(y as f32) * (-((y as f32 % 100.0 - 50.0) / 6.0).powi(2)).exp());
    let at: Vec<f32> = lines(&drawn, &presented).iter().map(|line| line.at).collect();
    assert_eq!(at.len(), 8, "{at:?}");
    assert!((at[0] - 1950.0).abs() < 2.0 && (at[7] - 1250.0).abs() < 2.0, "{at:?}");
}

#[test]
fn a_page_that_was_not_folded_has_no_fold() {
    let [drawn, presented] = page(0.0);
    assert!(folds(&drawn, &presented).is_empty());
}

#[test]
fn a_line_of_text_that_was_taken_out_is_no_crack() {
    let [drawn, presented] = page(0.1);
    // A whole row of letters is gone beside the fold, much more than any crack takes.
    let gone = Plane::from_pixels(presented.width(), presented.height(), |x, y| {
        if (214..232).contains(&y) { presented.get(x, y) - drawn.get(x, y) } else { presented.get(x, y) }
    });
    let folds = folds(&drawn, &gone);
    assert!(folds.iter().all(|fold| !fold.is_cracked((320.0, 226.0))), "{folds:?}");
}

#[test]
fn strokes_that_end_elsewhere_beside_a_fold_have_no_crack() {
    let [drawn, presented] = page(0.1);
    // Below them the paper lies higher: their last two rows are not where they were drawn. The fold runs close by.
    let ended = Plane::from_pixels(presented.width(), presented.height(), |x, y| {
        let from = y.saturating_sub(28);
        let shadow = presented.get(2, from) - drawn.get(2, from);
        if (180..238).contains(&y) { drawn.get(x, y) + shadow } else { shadow }
    });
    let folds = folds(&drawn, &ended);
    assert_eq!(folds.len(), 1, "{folds:?}");
    assert!((0..400).all(|y| !folds[0].is_cracked((320.0, y as f32 + 0.5))), "{folds:?}");
}
