//! The page as the terminal's printer gets it: a PDF at 600 dots an inch by poppler, grey, without smoothing.

use std::path::Path;
use std::process::{Command, Stdio};

use super::picture::Picture;
use crate::program;

/// Dots of the print engine in an inch.
pub const DPI: f64 = 600.0;

/// Micrometres of one of its dots.
pub const DOT_UM: f64 = 25_400.0 / DPI;

/// All pages of a PDF.
#[track_caller]
pub fn pages(pdf: &[u8]) -> Vec<Picture> {
    pages_at(pdf, DPI as u32)
}

/// All pages of a PDF at so many dots an inch.
#[track_caller]
pub fn pages_at(pdf: &[u8], dpi: u32) -> Vec<Picture> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("page.pdf");
    std::fs::write(&file, pdf).expect("the PDF is written");
    pages_of(&file, dpi)
}

/// All pages of a PDF in a file.
#[track_caller]
pub fn pages_of(file: &Path, dpi: u32) -> Vec<Picture> {
    // Without a name, poppler writes the pages one after another to standard output.
    let output = program::run(
        Command::new("pdftoppm")
            .args(["-q", "-gray", "-aa", "no", "-aaVector", "no", "-r", &dpi.to_string()])
            .arg(file)
            .stdin(Stdio::null()),
    );
    assert!(output.status.success(), "pdftoppm failed: {}", String::from_utf8_lossy(&output.stderr));
    split(&output.stdout)
}

/// Binary grey maps (`P5`), one after another.
pub fn split(mut maps: &[u8]) -> Vec<Picture> {
    let mut pages = Vec::new();
    while !maps.is_empty() {
        let (page, rest) = first(maps).expect("poppler writes binary grey maps");
        pages.push(page);
        maps = rest;
    }
    pages
}

fn first(map: &[u8]) -> Option<(Picture, &[u8])> {
    let mut rest = map.strip_prefix(b"P5")?;
    let mut numbers = [0_usize; 3];
    for number in &mut numbers {
        let start = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let end = start + rest.get(start..)?.iter().position(u8::is_ascii_whitespace)?;
        *number = std::str::from_utf8(rest.get(start..end)?).ok()?.parse().ok()?;
        rest = rest.get(end..)?;
    }
    let [width, height, depth] = numbers;
    let (pixels, rest) = rest.get(1..)?.split_at_checked(width * height)?;
    (depth == 255).then(|| (Picture { width, height, pixels: pixels.to_vec() }, rest))
}
