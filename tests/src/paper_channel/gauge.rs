//! Instruments: raggedness, gain, blur, skew, scale, wobble and noise as they are on a page that came out.
//!
//! They measure test pages of their own and know nothing of how the channel makes what they find.

use super::picture::Picture;
use super::rasteriser::DOT_UM;

/// A page at 600 dots an inch whose right half is ink, with a straight upright edge.
pub fn edge_page(width: usize, height: usize) -> Picture {
    Picture::from_pixels(width, height, |x, _| if x * 2 < width { 255 } else { 0 })
}

/// A page whose edge between paper (left) and ink leans by one dot in ten.
pub fn slanted_page(width: usize, height: usize) -> Picture {
    Picture::from_pixels(width, height, |x, y| {
        let edge = width as f64 / 2.0 + (y as f64 - height as f64 / 2.0) * 0.1;
        // Exactly the part of the dot that lies on the paper's side.
        ((edge - x as f64).clamp(0.0, 1.0) * 255.0) as u8
    })
}

/// Where the edge of [`edge_page`] lies in each row of ink, µm from its place; outwards is positive.
pub fn edge_displacements_um(ink: &Picture) -> Vec<f64> {
    const REACH: usize = 8;
    let edge = ink.width.div_ceil(2);
    let sum = |levels: Option<&[u8]>| levels.unwrap_or_default().iter().map(|&level| f64::from(level)).sum::<f64>();
    // Margins of a fiftieth, where the page ends.
    (ink.height / 50..ink.height - ink.height / 50)
        .map(|y| {
            let row = ink.row(y);
            // Solid ink beside the edge is the measure of what is full: mottle and bands are no edges.
            let full = (sum(row.get(edge + REACH..edge + 3 * REACH)) / (2 * REACH) as f64).max(1.0);
            (sum(row.get(edge - REACH..edge + REACH)) / full - REACH as f64) * DOT_UM
        })
        .collect()
}

/// Mean and deviation.
pub fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    (mean, variance.sqrt())
}

/// Deviation of the point spread across the edge of a [`slanted_page`], in pixels of the picture (the method of
/// ISO 12233: positions along the slant sample the edge finer than the pixels do).
pub fn edge_spread_pixels(picture: &Picture) -> f64 {
    const BINS: usize = 8;
    const REACH: i64 = 8;
    let rows: Vec<f64> = (picture.height / 8..picture.height * 7 / 8).map(|y| crossing(picture, y)).collect();
    let (slope, start) = line(&rows);
    let cosine = 1.0 / slope.hypot(1.0);
    let mut sums = vec![(0.0, 0_usize); (2 * REACH) as usize * BINS];
    for (at, y) in (picture.height / 8..picture.height * 7 / 8).enumerate() {
        for (x, &grey) in picture.row(y).iter().enumerate() {
            let distance = (x as f64 + 0.5 - (start + slope * at as f64)) * cosine;
            let bin = ((distance + REACH as f64) * BINS as f64).floor();
            if bin >= 0.0
                && let Some((sum, count)) = sums.get_mut(bin as usize)
            {
                *sum += f64::from(grey);
                *count += 1;
            }
        }
    }
    let profile: Vec<f64> = sums.iter().map(|(sum, count)| sum / (*count).max(1) as f64).collect();
    let steps: Vec<f64> =
        profile.windows(2).map(|pair| pair.iter().rev().copied().reduce(|a, b| a - b).unwrap_or(0.0)).collect();
    let total: f64 = steps.iter().sum();
    let middle = steps.iter().enumerate().map(|(at, step)| at as f64 * step).sum::<f64>() / total;
    let variance = steps.iter().enumerate().map(|(at, step)| (at as f64 - middle).powi(2) * step).sum::<f64>() / total;
    variance.max(0.0).sqrt() / BINS as f64
}

/// Where a row crosses the middle between its ends, pixels.
fn crossing(picture: &Picture, y: usize) -> f64 {
    // The outermost pixels may see what lies beside the sheet.
    let margin = picture.width / 10;
    let row = picture.row(y).get(margin..picture.width - margin).unwrap_or_default();
    let (paper, ink) = (f64::from(row.first().copied().unwrap_or(0)), f64::from(row.last().copied().unwrap_or(0)));
    let inked: f64 = row.iter().map(|&grey| (paper - f64::from(grey)) / (paper - ink)).sum();
    (margin + row.len()) as f64 - inked
}

/// Least squares: slope and value at the start.
fn line(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let middle = (count - 1.0) / 2.0;
    let mean = values.iter().sum::<f64>() / count;
    let (mut products, mut squares) = (0.0, 0.0);
    for (at, value) in values.iter().enumerate() {
        products += (at as f64 - middle) * (value - mean);
        squares += (at as f64 - middle).powi(2);
    }
    (products / squares, mean - products / squares * middle)
}

/// A page with four round marks of 3 mm; their middles in dots.
pub fn marked_page(width: usize, height: usize) -> (Picture, [(f64, f64); 4]) {
    let (w, h) = (width as f64, height as f64);
    let marks = [(0.2 * w, 0.15 * h), (0.8 * w, 0.15 * h), (0.8 * w, 0.85 * h), (0.2 * w, 0.85 * h)];
    let radius = 1500.0 / DOT_UM;
    let page = Picture::from_pixels(width, height, |x, y| {
        let is_mark = marks.iter().any(|mark| (x as f64 + 0.5 - mark.0).hypot(y as f64 + 0.5 - mark.1) < radius);
        if is_mark { 0 } else { 255 }
    });
    (page, marks)
}

/// The middle of the ink in each quarter of a picture of [`marked_page`], pixels, in the order of its marks.
pub fn marks(picture: &Picture) -> [(f64, f64); 4] {
    let (w, h) = (picture.width, picture.height);
    [(0, 0), (w / 2, 0), (w / 2, h / 2), (0, h / 2)].map(|(left, top)| {
        let (mut x_sum, mut y_sum, mut sum) = (0.0, 0.0, 0.0);
        for y in top..top + h / 2 {
            for x in left..left + w / 2 {
                let dark = f64::from(140_u8.saturating_sub(picture.get(x, y)));
                x_sum += dark * (x as f64 + 0.5);
                y_sum += dark * (y as f64 + 0.5);
                sum += dark;
            }
        }
        (x_sum / sum, y_sum / sum)
    })
}

/// The angle by which the upper two marks lie turned, degrees clockwise, and the distance between them.
pub fn turn_and_distance(marks: &[(f64, f64); 4]) -> (f64, f64) {
    let [left, right, ..] = marks;
    let (across, down) = (right.0 - left.0, right.1 - left.1);
    (down.atan2(across).to_degrees(), across.hypot(down))
}

/// A page of rules across it, every so many dots, each a tenth of that high.
pub fn ruled_page(width: usize, height: usize, every: usize) -> Picture {
    Picture::from_pixels(width, height, |_, y| if y % every < every / 10 { 0 } else { 255 })
}

/// How far the rules of a picture of [`ruled_page`] lie off even spacing, in pixels: the greatest of all.
pub fn unevenness_pixels(picture: &Picture) -> f64 {
    let darkness: Vec<f64> = (0..picture.height)
        .map(|y| (200.0 - picture.mean(picture.width / 3, y, picture.width / 3, 1)).max(0.0))
        .collect();
    let mut middles = Vec::new();
    let (mut sum, mut moment) = (0.0, 0.0);
    for (y, dark) in darkness.iter().enumerate() {
        if *dark > 0.0 {
            sum += dark;
            moment += dark * (y as f64 + 0.5);
        } else if sum > 0.0 {
            middles.push(moment / sum);
            (sum, moment) = (0.0, 0.0);
        }
    }
    let inner = middles.get(1..middles.len().saturating_sub(1)).unwrap_or_default();
    let (slope, start) = line(inner);
    inner.iter().enumerate().map(|(at, middle)| (middle - start - slope * at as f64).abs()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests;
