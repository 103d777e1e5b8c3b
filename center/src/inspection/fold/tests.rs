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

#[test]
fn a_fold_is_found_where_it_runs_with_its_crack_and_its_shadow() {
    let [drawn, presented] = page(0.1);
    let folds = Fold::find(&drawn, &presented);
    assert_eq!(folds.len(), 1, "{folds:?}");
    for x in [40.0_f32, 320.0, 600.0] {
        let line = 210.5 + 0.002 * (x - 320.0);
        assert!(folds[0].below((x, line)).abs() < 1.5, "{folds:?}");
        assert!(folds[0].is_cracked((x, line)) && !folds[0].is_cracked((x, line + 6.0)));
        assert!(folds[0].is_near((x, line + 6.0)) && !folds[0].is_near((x, line + 11.0)));
        assert!((folds[0].shadow_at((x, line)) - 0.1).abs() < 0.02, "{}", folds[0].shadow_at((x, line)));
        assert!(folds[0].shadow_at((x, line + 36.0)).abs() < 0.02);
    }
}

#[test]
fn a_page_that_was_not_folded_has_no_fold() {
    let [drawn, presented] = page(0.0);
    assert!(Fold::find(&drawn, &presented).is_empty());
}

#[test]
fn a_line_of_text_that_was_taken_out_is_no_crack() {
    let [drawn, presented] = page(0.1);
    // A whole row of letters is gone beside the fold, much more than any crack takes.
    let gone = Plane::from_pixels(presented.width(), presented.height(), |x, y| {
        if (214..232).contains(&y) { presented.get(x, y) - drawn.get(x, y) } else { presented.get(x, y) }
    });
    let folds = Fold::find(&drawn, &gone);
    assert!(folds.iter().all(|fold| !fold.is_cracked((320.0, 226.0))), "{folds:?}");
}

#[test]
fn strokes_that_end_elsewhere_beside_a_fold_have_no_crack() {
    let [drawn, presented] = page(0.1);
    // Below them the paper lies higher: their last two rows are not where they were drawn. The fold runs close by.
    let ended = Plane::from_pixels(presented.width(), presented.height(), |x, y| {
        let from = if y >= 210 { y.saturating_sub(28) } else { y };
        let shadow = presented.get(2, from) - drawn.get(2, from);
        if (180..238).contains(&y) { drawn.get(x, y) + shadow } else { shadow }
    });
    let folds = Fold::find(&drawn, &ended);
    assert_eq!(folds.len(), 1, "{folds:?}");
    assert!((0..400).all(|y| !folds[0].is_cracked((320.0, y as f32 + 0.5))), "{folds:?}");
}
