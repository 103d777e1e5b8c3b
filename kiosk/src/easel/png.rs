//! Pictures as small PNG files: the colours of screens are few, so that a table of them suffices.

use std::collections::HashMap;

use egui::{Color32, ColorImage};
use png::{BitDepth, ColorType, Compression, Encoder, EncodingError};

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// It cannot be encoded.
    #[error("the picture cannot be encoded")]
    Encoding(#[from] EncodingError),
    /// It is larger than a PNG can be.
    #[error("the picture is too large")]
    Size,
}

/// Colours in a table.
const COLOURS: usize = 256;

/// Encodes a picture with at most 256 colours: those that are most of it, and for the rest the nearest of them.
pub fn encode(image: &ColorImage) -> Result<Vec<u8>, PngError> {
    let [width, height] = image.size.map(|side| u32::try_from(side).ok());
    let (Some(width), Some(height)) = (width, height) else {
        return Err(PngError::Size);
    };
    let table = table(image);
    let mut known: HashMap<[u8; 3], u8> = HashMap::new();
    let indices: Vec<u8> = image
        .pixels
        .iter()
        .map(|pixel| {
            let colour = coarse(*pixel);
            *known.entry(colour).or_insert_with(|| nearest(&table, colour))
        })
        .collect();
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::High);
    encoder.set_palette(table.concat());
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&indices)?;
    writer.finish()?;
    Ok(file)
}

/// Shades that no eye tells apart are one.
fn coarse(pixel: Color32) -> [u8; 3] {
    [pixel.r(), pixel.g(), pixel.b()].map(|channel| channel & 0xF8 | channel >> 5)
}

fn table(image: &ColorImage) -> Vec<[u8; 3]> {
    let mut counts: HashMap<[u8; 3], usize> = HashMap::new();
    for pixel in &image.pixels {
        *counts.entry(coarse(*pixel)).or_default() += 1;
    }
    let mut colours: Vec<(usize, [u8; 3])> = counts.into_iter().map(|(colour, count)| (count, colour)).collect();
    colours.sort_unstable_by(|one, other| other.cmp(one));
    colours.into_iter().take(COLOURS).map(|(_, colour)| colour).collect()
}

fn nearest(table: &[[u8; 3]], colour: [u8; 3]) -> u8 {
    let distance = |other: &[u8; 3]| -> u32 {
        other.iter().zip(colour).map(|(one, other)| u32::from(one.abs_diff(other)).pow(2)).sum()
    };
    let found = table.iter().enumerate().min_by_key(|(_, other)| distance(other));
    found.and_then(|(place, _)| u8::try_from(place).ok()).unwrap_or_default()
}
