//! A phone's photo: perspective, lens, curl, uneven light, defocus, motion, noise.
#![expect(clippy::similar_names, reason = "the quantities have these names")]

use super::filter::Kernel;
use super::picture::Picture;
use super::printing::Sheet;
use super::rasteriser::{DOT_UM, DPI};
use super::texture::{Chance, Texture};

/// How a sheet is photographed.
#[derive(Debug, Clone, Copy)]
pub struct Camera {
    /// Pixels in an inch of the sheet, in the middle of the picture.
    pub ppi: f64,
    /// How far the camera is tilted, degrees: forwards, sideways.
    pub tilt_degrees: (f64, f64),
    /// How far it is turned, degrees.
    pub turn_degrees: f64,
    /// Deviation of the point spread on the paper, µm.
    pub blur_um: f64,
    /// Length by which it moves while the shutter is open, µm on the paper, downwards.
    pub motion_um: f64,
    /// How far a point at the picture's corner lies inwards, part of its distance (barrel).
    pub distortion: f64,
    /// Height of the paper's wave, mm.
    pub curl_mm: f64,
    /// How much less light falls on the darkest corner, 0 to 1.
    pub shade: f64,
    /// Deviation of noise on white, greys.
    pub noise: f64,
}

/// From the lens to the paper over the paper's height; what a phone is held at.
const DISTANCE: f64 = 1.25;
/// Picture over sheet: some of the table is seen around the paper.
const ROOM: f64 = 1.06;

impl Camera {
    /// A phone in a steady hand.
    pub const PHONE: Self = Self {
        ppi: 290.0,
        tilt_degrees: (0.0, 0.0),
        turn_degrees: 0.0,
        blur_um: 55.0,
        motion_um: 40.0,
        distortion: 0.008,
        curl_mm: 0.6,
        shade: 0.3,
        noise: 4.0,
    };

    /// Takes a photo.
    pub fn photograph(&self, sheet: &Sheet, seed: u64) -> Picture {
        let mut chance = Chance::new(seed, 30);
        let aperture = DPI / self.ppi;
        let deviation = ((self.blur_um / DOT_UM).powi(2) - 1.0 / 3.0).max(0.0).sqrt();
        let light = Kernel::new(deviation, aperture).apply(&sheet.ink);
        let dots_per_pixel = DPI / self.ppi;
        let width = (sheet.ink.width as f64 / dots_per_pixel * ROOM) as usize;
        let height = (sheet.ink.height as f64 / dots_per_pixel * ROOM) as usize;
        let view = View::new(self, sheet, (width, height), &mut chance);
        let noise = Texture::new(seed, 31, 0.4);
        let table = Texture::new(seed, 32, 6.0);
        let lit = Light::new(self.shade, &mut chance);
        let (mut grain, mut wood) = (vec![0.0_f32; width], vec![0.0_f32; width]);
        let motion = (self.motion_um / DOT_UM) as f32;
        let mut picture = Picture::plain(width, height, 0);
        for (v, row) in picture.pixels.chunks_exact_mut(width).enumerate() {
            noise.fill_row(v, (7, 11), &mut grain);
            table.fill_row(v, (3, 5), &mut wood);
            for (u, (pixel, (grain, wood))) in row.iter_mut().zip(grain.iter().zip(&wood)).enumerate() {
                let (x, y) = view.on_sheet(u as f64 + 0.5, v as f64 + 0.5);
                let seen = seen(&light, sheet, (x, y), motion);
                let reflected = seen.map_or(0.28 + 0.03 * wood, |ink| 0.88 - ink / 255.0 * 0.82);
                let exposed = (reflected * lit.at(u as f32 / width as f32, v as f32 / height as f32)).max(0.0);
                // A camera's own tone curve, then shot noise: it grows with the root of the light.
                let grey = exposed.powf(0.8) * 262.0 + grain * self.noise as f32 * (0.3 + 0.7 * exposed.sqrt());
                *pixel = grey.round().clamp(0.0, 255.0) as u8;
            }
        }
        picture
    }
}

/// The ink at a place of the sheet while the hand moves; `None` on the table.
fn seen(light: &Picture, sheet: &Sheet, (x, y): (f32, f32), motion: f32) -> Option<f32> {
    if x < 0.0 || y < 0.0 || x >= light.width as f32 || y >= light.height as f32 {
        return None;
    }
    let shift = sheet.shifts.get(y as usize).copied().unwrap_or_default();
    let dots_per_mm = (1000.0 / DOT_UM) as f32;
    let (x, y) = (x - shift.0 * dots_per_mm, y - shift.1 * dots_per_mm);
    let at = |along: f32| light.sample(x, y + motion * along).unwrap_or(0.0);
    let ink = (at(-0.4) + at(0.0) + at(0.4)) / 3.0;
    let shadow = sheet.shadows.get(y.max(0.0) as usize).copied().unwrap_or_default();
    Some(ink + (255.0 - ink) * shadow)
}

/// From a pixel of the photo to a dot of the sheet.
struct View {
    middle: (f64, f64),
    sheet: (f64, f64),
    distance: f64,
    dots_per_pixel: f64,
    rows: [[f64; 3]; 3],
    distortion: f64,
    corner: f64,
    curl: (f64, f64),
}

impl View {
    fn new(camera: &Camera, sheet: &Sheet, size: (usize, usize), chance: &mut Chance) -> Self {
        let (forwards, sideways) = (camera.tilt_degrees.0.to_radians(), camera.tilt_degrees.1.to_radians());
        let turn = camera.turn_degrees.to_radians();
        let about_x = [[1.0, 0.0, 0.0], [0.0, forwards.cos(), -forwards.sin()], [0.0, forwards.sin(), forwards.cos()]];
        let about_y = [[sideways.cos(), 0.0, sideways.sin()], [0.0, 1.0, 0.0], [-sideways.sin(), 0.0, sideways.cos()]];
        let about_z = [[turn.cos(), -turn.sin(), 0.0], [turn.sin(), turn.cos(), 0.0], [0.0, 0.0, 1.0]];
        let middle = (size.0 as f64 / 2.0, size.1 as f64 / 2.0);
        Self {
            middle,
            sheet: (sheet.ink.width as f64 / 2.0, sheet.ink.height as f64 / 2.0),
            distance: sheet.ink.height as f64 * DISTANCE,
            dots_per_pixel: DPI / camera.ppi,
            rows: product(&product(&about_x, &about_y), &about_z),
            distortion: camera.distortion,
            corner: middle.0.hypot(middle.1),
            curl: (camera.curl_mm * 1000.0 / DOT_UM, chance.between(0.0, std::f64::consts::TAU)),
        }
    }

    fn on_sheet(&self, u: f64, v: f64) -> (f32, f32) {
        let (mut x, mut y) = (u - self.middle.0, v - self.middle.1);
        let outwards = 1.0 + self.distortion * (x.hypot(y) / self.corner).powi(2);
        (x, y) = (x * outwards * self.dots_per_pixel, y * outwards * self.dots_per_pixel);
        // The ray through the pixel, turned; where it meets the paper's plane, one distance away.
        let ray = [x, y, self.distance];
        let turned = self.rows.map(|row| row.iter().zip(&ray).map(|(a, b)| a * b).sum::<f64>());
        let [along_x, along_y, along_z] = turned;
        let reach = self.distance / along_z.max(1.0);
        let (mut on_x, mut on_y) = (along_x * reach, along_y * reach);
        // Aimed at the middle of the paper again after tilting.
        let [aim_x, aim_y, aim_z] = self.rows.map(|row| row.last().copied().unwrap_or_default());
        on_x -= aim_x / aim_z * self.distance;
        on_y -= aim_y / aim_z * self.distance;
        // A wave of the paper moves what is seen away from the middle by height over distance.
        let height = self.curl.0 * (on_y / (self.sheet.1 * 0.7) + self.curl.1).sin();
        let nearer = 1.0 + height / self.distance;
        ((self.sheet.0 + on_x / nearer) as f32, (self.sheet.1 + on_y / nearer) as f32)
    }
}

fn product(a: &[[f64; 3]; 3], b: &[[f64; 3]; 3]) -> [[f64; 3]; 3] {
    a.map(|row| {
        let mut sums = [0.0; 3];
        for (weight, other) in row.iter().zip(b) {
            for (sum, value) in sums.iter_mut().zip(other) {
                *sum += weight * value;
            }
        }
        sums
    })
}

/// Light from one side, and the lens's own fall-off.
struct Light {
    from: (f32, f32),
    shade: f32,
}

impl Light {
    fn new(shade: f64, chance: &mut Chance) -> Self {
        let angle = chance.between(0.0, std::f64::consts::TAU);
        Self { from: (angle.cos() as f32, angle.sin() as f32), shade: shade as f32 }
    }

    fn at(&self, x: f32, y: f32) -> f32 {
        let (x, y) = (x * 2.0 - 1.0, y * 2.0 - 1.0);
        let side = (x * self.from.0 + y * self.from.1) / std::f32::consts::SQRT_2;
        1.0 - self.shade * (0.35 * (1.0 + side) + 0.15 * (x * x + y * y)) / 1.0
    }
}
