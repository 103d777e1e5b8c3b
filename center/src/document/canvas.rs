//! Draws items and pictures as PDF operators, and keeps account of the glyphs that were used.
//!
//! A page's content is scaled so that its unit is a dot: every place is a whole number.

use std::io::Write as _;

use super::bit_picture::BitPicture;
use super::description::{Area, Code, DOTS_PER_INCH, Item, PAGE, TextRun};
use super::stock::{FontName, GlyphUse, Stock};
use super::symbol;
use super::typeface::{Faces, Undrawable};

/// A page being drawn, with what all pages of its document share.
pub struct Canvas<'f> {
    faces: &'f Faces<'f>,
    content: Vec<u8>,
    /// The glyphs used so far.
    pub glyphs: GlyphUse<'f>,
    /// The pictures used so far; the n-th is called `I` n.
    pub pictures: Vec<BitPicture>,
}

/// What many pages have, made once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixedForm {
    /// The ground pattern of the front.
    FrontGround,
    /// The ground pattern of the back, which leaves out the scramble field.
    BackGround,
    /// The latent picture.
    Latent,
}

/// Why an item cannot be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    /// A character has no glyph.
    #[error(transparent)]
    Undrawable(#[from] Undrawable),
    /// A code fits no symbol.
    #[error("a code fits no symbol")]
    Symbol,
}

/// A length that is known to be short.
pub fn length(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Dots as points.
pub fn points(dots: i32) -> f32 {
    // 72/600 of a point; rounded through f64 so that the decimal in the file is short.
    (f64::from(dots) * 72.0 / f64::from(DOTS_PER_INCH)) as f32
}

impl FixedForm {
    /// Its name among the page's resources.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FrontGround => "Front",
            Self::BackGround => "Back",
            Self::Latent => "Latent",
        }
    }
}

impl std::fmt::Debug for Canvas<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Canvas(..)")
    }
}

impl<'f> Canvas<'f> {
    /// An empty page of a new document.
    pub fn new(faces: &'f Faces<'f>, stock: &'f Stock) -> Self {
        Self { faces, content: Vec::with_capacity(16 << 10), glyphs: GlyphUse::new(stock), pictures: Vec::new() }
    }

    /// Ends the page and begins the next; gives the page's content.
    pub fn finish_page(&mut self) -> Vec<u8> {
        let room = Vec::with_capacity(16 << 10);
        std::mem::replace(&mut self.content, room)
    }

    /// Places a form that was drawn in the coordinates of the page.
    pub fn form(&mut self, form: FixedForm) {
        self.write(format_args!("/{} Do\n", form.name()));
    }

    /// Draws items, the first lowest.
    pub fn items(&mut self, items: &[Item]) -> Result<(), DrawError> {
        self.in_dots(|canvas| canvas.place_items(items))
    }

    /// Draws in dots and black.
    pub fn in_dots(&mut self, draw: impl FnOnce(&mut Self) -> Result<(), DrawError>) -> Result<(), DrawError> {
        self.content.extend(b"q .12 0 0 .12 0 0 cm 0 0 0 1 k\n");
        draw(self)?;
        self.content.extend(b"Q\n");
        Ok(())
    }

    /// Draws items where dots and black are set.
    pub fn place_items(&mut self, items: &[Item]) -> Result<(), DrawError> {
        for item in items {
            match item {
                Item::Text(run) => self.text(run)?,
                Item::Area(area) => self.area(area),
                Item::Code(code) => self.code(code)?,
            }
        }
        Ok(())
    }

    /// Draws what was drawn before with the same stock.
    pub fn operators(&mut self, operators: &[u8]) {
        self.content.extend_from_slice(operators);
    }

    /// Draws a picture with `module` dots a pixel, its upper left corner at a dot.
    pub fn picture(&mut self, picture: BitPicture, (x, y): (u16, u16), module: u8) {
        self.content.extend(b"q .12 0 0 .12 0 0 cm 0 0 0 1 k\n");
        self.place_picture(picture, (x, y), module);
        self.content.extend(b"Q\n");
    }

    /// Covers an area, most often with white.
    pub fn cover(&mut self, area: &Area) {
        self.content.extend(b"q .12 0 0 .12 0 0 cm\n");
        self.area(area);
        self.content.extend(b"Q\n");
    }

    fn text(&mut self, run: &TextRun) -> Result<(), DrawError> {
        let glyphs = self.faces.shape(&run.text, run.font)?;
        let y = i32::from(PAGE.1) - i32::from(run.baseline);
        // A twelfth of a hundredth of a point is a dot.
        let size = f64::from(run.size) / 12.0;
        let mut x = f64::from(run.x);
        let numbered: Vec<(FontName, u16, u16)> = glyphs
            .iter()
            .map(|glyph| {
                let (font, number) = self.glyphs.number(glyph);
                (font, number, glyph.advance)
            })
            .collect();
        for part in numbered.chunk_by(|a, b| a.0 == b.0) {
            let Some((font, ..)) = part.first() else { continue };
            self.write(format_args!("BT /{} {} Tf {} {y} Td <", font.name(), Decimal(size), Decimal(x)));
            for (_, number, _) in part {
                self.hexadecimal(*number);
            }
            self.content.extend(b"> Tj ET\n");
            let width: u32 = part.iter().map(|(.., advance)| u32::from(*advance)).sum();
            x += f64::from(width) / 1000.0 * size;
        }
        Ok(())
    }

    fn area(&mut self, area: &Area) {
        let Area { x, y, width, height, tint } = *area;
        let bottom = i32::from(PAGE.1) - i32::from(y) - i32::from(height);
        if tint == 100 {
            self.write(format_args!("{x} {bottom} {width} {height} re f\n"));
        } else {
            let tint = Decimal(f64::from(tint) / 100.0);
            self.write(format_args!("0 0 0 {tint} k {x} {bottom} {width} {height} re f 0 0 0 1 k\n"));
        }
    }

    fn code(&mut self, code: &Code) -> Result<(), DrawError> {
        let picture = symbol::draw(&code.text, code.level).ok_or(DrawError::Symbol)?;
        self.place_picture(picture, (code.x, code.y), code.module);
        Ok(())
    }

    fn place_picture(&mut self, picture: BitPicture, (x, y): (u16, u16), module: u8) {
        let scaled = |modules: usize| length(modules).saturating_mul(i32::from(module));
        let (width, height) = (scaled(picture.width()), scaled(picture.height()));
        let bottom = i32::from(PAGE.1) - i32::from(y) - height;
        let number = self.pictures.len();
        self.write(format_args!("q {width} 0 0 {height} {x} {bottom} cm /I{number} Do Q\n"));
        self.pictures.push(picture);
    }

    fn hexadecimal(&mut self, number: u16) {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        self.content.extend([12, 8, 4, 0].map(|shift| {
            let digit = usize::from(number >> shift & 15);
            DIGITS.get(digit).copied().unwrap_or(b'0')
        }));
    }

    fn write(&mut self, part: std::fmt::Arguments<'_>) {
        // Writing into memory cannot fail.
        drop(self.content.write_fmt(part));
    }
}

/// A number with at most four decimals and no zeros at the end.
struct Decimal(f64);

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scaled = (self.0 * 10_000.0).round() as i64;
        let (whole, part) = (scaled / 10_000, scaled % 10_000);
        if part == 0 {
            return write!(f, "{whole}");
        }
        let (mut digits, mut places) = (part, 4);
        while digits % 10 == 0 {
            digits /= 10;
            places -= 1;
        }
        write!(f, "{whole}.{digits:0places$}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_short_and_exact() {
        let text = |number| Decimal(number).to_string();
        assert_eq!([0.0, 87.5, 66.666_666, 0.05, 12.0001].map(text), ["0", "87.5", "66.6667", "0.05", "12.0001"]);
    }
}
