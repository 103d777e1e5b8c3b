//! What lies between the places that were tried.

/// Where a parabola through three values in a row is least, as far as half a place from the middle one.
pub(super) fn least_of(before: f64, here: f64, after: f64) -> f64 {
    let bend = before - 2.0 * here + after;
    if bend > 1e-6 { ((before - after) / (2.0 * bend)).clamp(-0.5, 0.5) } else { 0.0 }
}
