//! The step wedge: where its marks and steps stand, and how it is drawn.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use shared::domain::calibration::Calibration;
use shared::domain::ground::{coarse_dot, coarse_places, fine_dot, fine_places};
use shared::domain::identifiers::TerminalId;

/// A4 in dots of 1/600 inch, an even number of bytes a row.
pub(super) const PAGE: (usize, usize) = (4960, 7016);
/// Side of the four corner marks: 8 mm.
pub(super) const MARK: usize = 189;
/// Middles of the corner marks: upper left, upper right, lower right, lower left.
pub(super) const CORNERS: [(usize, usize); 4] = [(331, 331), (4629, 331), (4629, 6685), (331, 6685)];
/// Middle of the small mark that says which corner is the upper left one.
pub(super) const UPPER_LEFT: (usize, usize) = (650, 331);
/// Side of the small mark: 4 mm.
const SMALL_MARK: usize = 94;

/// Strips of a step: the coarse screen on every second one, the fine screen beside it.
pub(super) const STRIPS: usize = 5;
/// Width and height of a strip in dots: 10 × 25 mm.
pub(super) const STRIP: (usize, usize) = (236, 590);
const COLUMNS: usize = 3;
const FIRST: (usize, usize) = (531, 780);
const APART: (usize, usize) = (1360, 815);

/// Pitches of the steps, in hundredths of a dot.
const PITCHES: std::ops::RangeInclusive<u16> = 950..=1950;
const PITCH_STEP: usize = 50;

/// The pitch of each step and the upper left corner of its first strip.
pub(super) fn steps() -> impl Iterator<Item = (Calibration, (usize, usize))> {
    PITCHES.step_by(PITCH_STEP).enumerate().filter_map(|(number, pitch)| {
        let place = (FIRST.0 + number % COLUMNS * APART.0, FIRST.1 + number / COLUMNS * APART.1);
        Some((Calibration::from_hundredths(pitch).ok()?, place))
    })
}

/// Draws the wedge of a terminal as a PDF of one page.
pub fn draw(terminal: &TerminalId) -> Vec<u8> {
    let image = deflated(&page());
    let content = labels(terminal);
    let (width, height) = PAGE;
    let image_head = format!(
        "<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ImageMask true/BitsPerComponent 1\
         /Decode[1 0]/Interpolate false/Filter/FlateDecode/Length {}>>stream\n",
        image.len()
    );
    let stream = |head: &str, body: &[u8]| [head.as_bytes(), body, b"\nendstream"].concat();
    let objects: [Vec<u8>; 6] = [
        b"<</Type/Catalog/Pages 2 0 R/ViewerPreferences<</PrintScaling/None>>>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.2 841.92]/Contents 4 0 R\
          /Resources<</XObject<</Wedge 5 0 R>>/Font<</F 6 0 R>>>>>>"
            .to_vec(),
        stream(&format!("<</Length {}>>stream\n", content.len()), content.as_bytes()),
        stream(&image_head, &image),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
    ];
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        pdf.extend(format!("{} 0 obj\n", number + 1).bytes());
        pdf.extend_from_slice(object);
        pdf.extend(b"\nendobj\n");
    }
    let table = pdf.len();
    pdf.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        pdf.extend(format!("{place:010} 00000 n \n").bytes());
    }
    pdf.extend(format!("trailer<</Root 1 0 R/Size {}>>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1).bytes());
    pdf
}

/// What stands on the page, in dots from its lower left corner.
fn labels(terminal: &TerminalId) -> String {
    use std::fmt::Write as _;
    let mut content = String::from("q .12 0 0 .12 0 0 cm 0 0 0 1 k\n");
    let mut text = |(x, y): (usize, usize), size: usize, text: &str| {
        // Writing to a `String` cannot fail.
        _ = writeln!(content, "BT /F {size} Tf {x} {} Td ({text}) Tj ET", PAGE.1 - y);
    };
    text((900, 320), 100, &format!("Step wedge of the ground pattern, terminal {terminal}"));
    text((900, 440), 70, "Print at 100 %. Scan flat, 300 dpi or more, grey, no sharpening.");
    for (pitch, (x, y)) in steps() {
        text((x, y + STRIP.1 + 80), 70, &pitch.hundredths().to_string());
    }
    _ = write!(content, "q {} 0 0 {} 0 0 cm /Wedge Do Q\nQ\n", PAGE.0, PAGE.1);
    content
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing into memory cannot fail.
    drop(encoder.write_all(bytes));
    encoder.finish().unwrap_or_default()
}

/// Marks and screens, a bit a dot, the leftmost the highest.
fn page() -> Vec<u8> {
    let stride = PAGE.0 / 8;
    let mut bits = vec![0_u8; stride * PAGE.1];
    let mut ink = |(x, y): (usize, usize)| {
        if let Some(byte) = bits.get_mut(y * stride + x / 8).filter(|_| x < PAGE.0) {
            *byte |= 0x80 >> (x % 8);
        }
    };
    let marks = CORNERS.into_iter().map(|corner| (corner, MARK)).chain([(UPPER_LEFT, SMALL_MARK)]);
    for ((x, y), side) in marks {
        let (left, top) = (x - side / 2, y - side / 2);
        (top..top + side).flat_map(|y| (left..left + side).map(move |x| (x, y))).for_each(&mut ink);
    }
    for (pitch, (left, top)) in steps() {
        for strip in 0..STRIPS {
            let place = |(x, y): (usize, usize)| (left + strip * STRIP.0 + x, top + y);
            if strip % 2 == 1 {
                coarse_places(pitch, STRIP).flat_map(coarse_dot).map(place).for_each(&mut ink);
            } else {
                fine_places(STRIP).flat_map(fine_dot).map(place).for_each(&mut ink);
            }
        }
    }
    bits
}
