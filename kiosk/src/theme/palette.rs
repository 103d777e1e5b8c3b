//! Colours: the usual ones, and those of high contrast; each text with the ground it stands on.

use egui::{Color32, Theme, Ui};

/// The colours of every screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Palette {
    /// What the screens lie on.
    pub ground: Color32,
    /// Cards and keys on the ground.
    pub surface: Color32,
    /// A surface that is pressed or selected.
    pub surface_pressed: Color32,
    /// Text.
    pub ink: Color32,
    /// Text of less weight.
    pub ink_quiet: Color32,
    /// What leads on.
    pub accent: Color32,
    /// The same, pressed.
    pub accent_pressed: Color32,
    /// Text on what leads on.
    pub on_accent: Color32,
    /// Lines between things.
    pub line: Color32,
    /// Edges of keys.
    pub edge: Color32,
    /// Text of what cannot be pressed now.
    pub ink_closed: Color32,
    /// Ground of what cannot be pressed now.
    pub closed: Color32,
    /// Ground of a caution.
    pub caution: Color32,
    /// Text of a caution.
    pub on_caution: Color32,
    /// Ground of a refusal.
    pub refusal: Color32,
    /// Text of a refusal.
    pub on_refusal: Color32,
    /// Ground of what went well.
    pub well: Color32,
    /// Text of what went well.
    pub on_well: Color32,
    /// The ring around what the keyboard is at, and arrows in drawings.
    pub focus: Color32,
    /// What lies over the screen while something is shown above it.
    pub veil: Color32,
    /// How thick the edge of a notice is: a ground that does not stand out needs one.
    pub outline: f32,
}

/// Indigo on paper.
pub const USUAL: Palette = Palette {
    ground: Color32::from_rgb(0xF6, 0xF3, 0xEC),
    surface: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    surface_pressed: Color32::from_rgb(0xE3, 0xEA, 0xF4),
    ink: Color32::from_rgb(0x1A, 0x22, 0x33),
    ink_quiet: Color32::from_rgb(0x46, 0x4E, 0x5C),
    accent: Color32::from_rgb(0x1F, 0x3A, 0x68),
    accent_pressed: Color32::from_rgb(0x14, 0x28, 0x4B),
    on_accent: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    line: Color32::from_rgb(0xC9, 0xC4, 0xB8),
    edge: Color32::from_rgb(0x76, 0x7C, 0x89),
    ink_closed: Color32::from_rgb(0x3F, 0x44, 0x4E),
    closed: Color32::from_rgb(0xE9, 0xE6, 0xDF),
    caution: Color32::from_rgb(0xFD, 0xF0, 0xD2),
    on_caution: Color32::from_rgb(0x54, 0x36, 0x00),
    refusal: Color32::from_rgb(0xFB, 0xE9, 0xE5),
    on_refusal: Color32::from_rgb(0x7A, 0x1A, 0x14),
    well: Color32::from_rgb(0xE2, 0xF1, 0xE6),
    on_well: Color32::from_rgb(0x12, 0x4A, 0x2A),
    focus: Color32::from_rgb(0xB3, 0x5A, 0x00),
    veil: Color32::from_rgba_premultiplied(0x0D, 0x11, 0x1A, 0xA8),
    outline: 0.0,
};

/// White and yellow on black.
pub const HIGH: Palette = Palette {
    ground: Color32::from_rgb(0x00, 0x00, 0x00),
    surface: Color32::from_rgb(0x0A, 0x0A, 0x0A),
    surface_pressed: Color32::from_rgb(0x2E, 0x2E, 0x00),
    ink: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    ink_quiet: Color32::from_rgb(0xF0, 0xF0, 0xF0),
    accent: Color32::from_rgb(0xFF, 0xDD, 0x33),
    accent_pressed: Color32::from_rgb(0xFF, 0xF1, 0xA8),
    on_accent: Color32::from_rgb(0x00, 0x00, 0x00),
    line: Color32::from_rgb(0xB0, 0xB0, 0xB0),
    edge: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    ink_closed: Color32::from_rgb(0xD2, 0xD2, 0xD2),
    closed: Color32::from_rgb(0x1C, 0x1C, 0x1C),
    caution: Color32::from_rgb(0x0A, 0x0A, 0x0A),
    on_caution: Color32::from_rgb(0xFF, 0xDD, 0x33),
    refusal: Color32::from_rgb(0x0A, 0x0A, 0x0A),
    on_refusal: Color32::from_rgb(0xFF, 0xC2, 0xB8),
    well: Color32::from_rgb(0x0A, 0x0A, 0x0A),
    on_well: Color32::from_rgb(0xA8, 0xF5, 0xBC),
    focus: Color32::from_rgb(0x5C, 0xE6, 0xFF),
    veil: Color32::from_rgba_premultiplied(0x20, 0x20, 0x20, 0xD8),
    outline: 3.0,
};

impl Palette {
    /// Every text with the ground it stands on.
    pub const fn pairs(&self) -> [(Color32, Color32); 13] {
        [
            (self.ink, self.ground),
            (self.ink, self.surface),
            (self.ink, self.surface_pressed),
            (self.ink_quiet, self.ground),
            (self.ink_quiet, self.surface),
            (self.accent, self.ground),
            (self.accent, self.surface),
            (self.on_accent, self.accent),
            (self.on_accent, self.accent_pressed),
            (self.on_caution, self.caution),
            (self.on_refusal, self.refusal),
            (self.on_well, self.well),
            (self.ink_closed, self.closed),
        ]
    }
}

/// The colours that the window is dressed in: the dark theme of the library is high contrast here.
pub fn palette(ui: &Ui) -> &'static Palette {
    match ui.ctx().theme() {
        Theme::Light => &USUAL,
        Theme::Dark => &HIGH,
    }
}

/// Ground of the simulation tray: plainly not part of the terminal, and the same in every contrast.
pub const TRAY: Color32 = Color32::from_rgb(0x2A, 0x2E, 0x37);
/// Text on the tray.
pub const ON_TRAY: Color32 = Color32::from_rgb(0xF2, 0xF2, 0xF2);
/// Keys of the tray.
pub const TRAY_KEY: Color32 = Color32::from_rgb(0x41, 0x47, 0x54);

#[cfg(test)]
mod tests {
    use super::*;

    /// A colour in linear light.
    type Linear = [f64; 3];

    fn linear(colour: Color32) -> Linear {
        [colour.r(), colour.g(), colour.b()].map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// Contrast (WCAG 2.2).
    fn contrast(one: Linear, other: Linear) -> f64 {
        let luminance = |[r, g, b]: Linear| 0.2126 * r + 0.7152 * g + 0.0722 * b;
        let (a, b) = (luminance(one), luminance(other));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// What an eye without one kind of cone sees (Machado, Oliveira and Fernandes 2009, full severity).
    const EYES: [(&str, [[f64; 3]; 3]); 4] = [
        ("all cones", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        ("no long", [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
        ("no middle", [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
        ("no short", [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]),
    ];

    fn seen(matrix: &[[f64; 3]; 3], colour: Color32) -> Linear {
        let light = linear(colour);
        matrix.map(|row| row.iter().zip(light).map(|(share, channel)| share * channel).sum::<f64>().clamp(0.0, 1.0))
    }

    #[test]
    fn every_text_stands_out_from_its_ground_to_every_eye() {
        let pairs = |(least, palette): (f64, Palette)| palette.pairs().map(|pair| (least, pair));
        for (least, (text, ground)) in [(7.0, USUAL), (10.0, HIGH)].into_iter().flat_map(pairs) {
            for (eye, matrix) in &EYES {
                let ratio = contrast(seen(matrix, text), seen(matrix, ground));
                assert!(ratio >= least, "{eye}: {text:?} on {ground:?}: {ratio:.2} of {least}");
            }
        }
        assert!(contrast(linear(ON_TRAY), linear(TRAY_KEY)) >= 7.0);
    }

    #[test]
    fn the_keyboards_ring_and_the_edges_of_keys_can_be_seen() {
        for palette in [USUAL, HIGH] {
            for (mark, ground) in
                [(palette.focus, palette.ground), (palette.edge, palette.ground), (palette.edge, palette.surface)]
            {
                // WCAG 2.2 §1.4.11.
                assert!(contrast(linear(mark), linear(ground)) >= 3.0, "{mark:?} on {ground:?}");
            }
        }
    }
}
