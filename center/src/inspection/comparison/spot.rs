//! Ink out of range that lies together.

use crate::inspection::plane::Plane;
use crate::inspection::report::Area;

use super::DPI;

/// Ink out of range that lies together, in pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
    /// Pixels of full ink too much.
    pub(super) surplus: f32,
    /// Pixels of full ink too little.
    pub(super) lack: f32,
    /// The text in which a letter was replaced there.
    pub(super) item: Option<usize>,
    /// As a multiple of what makes a difference, once it was judged.
    pub(super) deviation: f32,
}

impl Spot {
    /// The room of a letter of a text, once it was judged.
    pub(super) fn at(area: &Area, item: usize, deviation: f32) -> Self {
        let pixels = |millimetres: f64| (millimetres * f64::from(DPI) / 25.4).max(0.0) as usize;
        Self {
            left: pixels(area.left_mm),
            top: pixels(area.top_mm),
            right: pixels(area.left_mm + area.width_mm),
            bottom: pixels(area.top_mm + area.height_mm),
            surplus: 0.0,
            lack: 0.0,
            item: Some(item),
            deviation,
        }
    }

    /// Its middle from the upper left corner of the page.
    pub(super) fn middle_mm(&self) -> (f64, f64) {
        let millimetres = |from: usize, to: usize| (from + to) as f64 / 2.0 * 25.4 / f64::from(DPI);
        (millimetres(self.left, self.right), millimetres(self.top, self.bottom))
    }

    /// Whether it is no longer than dirt: 1 mm.
    pub(super) const fn is_small(&self) -> bool {
        const LONGEST: usize = 8;
        self.right - self.left <= LONGEST && self.bottom - self.top <= LONGEST
    }

    pub(super) const fn judged(self, deviation: f32) -> Self {
        Self { deviation, ..self }
    }

    /// Pixels of full ink, too much or too little.
    pub(super) fn mass(&self) -> f32 {
        self.surplus + self.lack
    }

    const fn joined(self, other: Self) -> Self {
        const fn min(a: usize, b: usize) -> usize {
            if a < b { a } else { b }
        }
        const fn max(a: usize, b: usize) -> usize {
            if a > b { a } else { b }
        }
        Self {
            left: min(self.left, other.left),
            top: min(self.top, other.top),
            right: max(self.right, other.right),
            bottom: max(self.bottom, other.bottom),
            surplus: self.surplus + other.surplus,
            lack: self.lack + other.lack,
            item: if self.item.is_some() { self.item } else { other.item },
            deviation: if self.deviation > other.deviation { self.deviation } else { other.deviation },
        }
    }

    /// Whether it lies so many pixels from the edges of the page.
    pub(super) const fn is_inside(&self, (width, height): (usize, usize), edge: usize) -> bool {
        self.left >= edge && self.top >= edge && self.right + edge <= width && self.bottom + edge <= height
    }

    pub(super) fn area(&self) -> Area {
        /// Pixels around a spot that are marked with it.
        const MARGIN: usize = 4;
        let millimetres = |pixels: usize| (pixels as f64 * 254.0 / f64::from(DPI)).round() / 10.0;
        let (left, top) = (self.left.saturating_sub(MARGIN), self.top.saturating_sub(MARGIN));
        Area {
            left_mm: millimetres(left),
            top_mm: millimetres(top),
            width_mm: millimetres(self.right + MARGIN - left),
            height_mm: millimetres(self.bottom + MARGIN - top),
        }
    }
}

/// Pixels out of range that touch each other, with the same sign.
pub(super) fn spots(excess: &Plane, seen_from: f32) -> Vec<Spot> {
    let (width, height) = (excess.width(), excess.height());
    let mut seen = vec![false; width * height];
    let mut spots = Vec::new();
    let mut waiting = Vec::new();
    for start in 0..width * height {
        let value = excess.get(start % width, start / width);
        if value.abs() < seen_from || seen.get(start).copied().unwrap_or(true) {
            continue;
        }
        let mut spot =
            Spot { left: width, top: height, right: 0, bottom: 0, surplus: 0.0, lack: 0.0, item: None, deviation: 0.0 };
        waiting.push(start);
        while let Some(place) = waiting.pop() {
            let (x, y) = (place % width, place / width);
            let here = excess.get(x, y);
            let Some(is_seen) = seen.get_mut(place).filter(|seen| !**seen) else { continue };
            if here.abs() < seen_from || here.signum() != value.signum() {
                continue;
            }
            *is_seen = true;
            let (surplus, lack) = (here.max(0.0), (-here).max(0.0));
            spot = spot.joined(Spot {
                left: x,
                top: y,
                right: x + 1,
                bottom: y + 1,
                surplus,
                lack,
                item: None,
                deviation: 0.0,
            });
            let around = [(x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)];
            waiting.extend(around.into_iter().filter(|&(x, y)| x < width && y < height).map(|(x, y)| y * width + x));
        }
        spots.push(spot);
    }
    spots
}

/// Spots that lie within a character of each other, as one.
pub(super) fn join(spots: Vec<Spot>) -> Vec<Spot> {
    const APART: usize = 14;
    let mut joined: Vec<Spot> = Vec::new();
    for spot in spots {
        let mut whole = spot;
        loop {
            let is_near = |other: &Spot| {
                (whole.item.is_none() || other.item.is_none() || whole.item == other.item)
                    && other.left <= whole.right + APART
                    && whole.left <= other.right + APART
                    && other.top <= whole.bottom + APART / 2
                    && whole.top <= other.bottom + APART / 2
            };
            let Some(index) = joined.iter().position(is_near) else { break };
            whole = whole.joined(joined.swap_remove(index));
        }
        joined.push(whole);
    }
    joined.sort_by_key(|spot| (spot.top, spot.left));
    joined
}
