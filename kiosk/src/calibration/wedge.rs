//! The step wedge: where its marks and steps stand, a column for each fine screen, and how it is drawn.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::{Filter, Finish as _, Name, Pdf, Rect, Ref};
use shared::domain::calibration::Calibration;
use shared::domain::ground::{FineScreen, Pitch, coarse_dot, coarse_places, fine_dot, fine_places};
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

/// Strips of a step: the coarse screen between two of the fine one.
pub(super) const STRIPS: usize = 3;
/// Width and height of a strip in dots: 12.5 × 25 mm.
pub(super) const STRIP: (usize, usize) = (295, 590);
const FIRST: (usize, usize) = (531, 740);
const APART: (usize, usize) = (1004, 735);

/// From one step's pitch to the next one's, in hundredths of a dot.
const PITCH_STEP: usize = 100;

/// The steps of each fine screen: what is compared in it, and the upper left corner of its first strip.
pub(super) fn steps(screen: FineScreen) -> impl Iterator<Item = (Calibration, (usize, usize))> {
    let column = FineScreen::ALL.into_iter().position(|other| other == screen).unwrap_or_default();
    let pitches = Pitch::RANGE.step_by(PITCH_STEP).filter_map(Pitch::from_hundredths);
    pitches
        .enumerate()
        .map(move |(row, pitch)| (Calibration { screen, pitch }, (FIRST.0 + column * APART.0, FIRST.1 + row * APART.1)))
}

/// Draws the wedge of a terminal as a PDF of one page.
pub fn draw(terminal: &TerminalId) -> Vec<u8> {
    let [catalog, pages, page, content, wedge, font] = [1, 2, 3, 4, 5, 6].map(Ref::new);
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages).viewer_preferences().pair(Name(b"PrintScaling"), Name(b"None"));
    pdf.pages(pages).count(1).kids([page]);
    let mut object = pdf.page(page);
    object.parent(pages).media_box(Rect::new(0.0, 0.0, 595.2, 841.92)).contents(content);
    let mut resources = object.resources();
    resources.x_objects().pair(Name(b"Wedge"), wedge);
    resources.fonts().pair(Name(b"F"), font);
    resources.finish();
    object.finish();
    pdf.stream(content, labels(terminal).as_bytes());
    let bits = deflated(&self::page());
    let mut image = pdf.image_xobject(wedge, &bits);
    let side = |dots: usize| i32::try_from(dots).unwrap_or(i32::MAX);
    image.width(side(PAGE.0)).height(side(PAGE.1)).image_mask(true).bits_per_component(1);
    image.decode([1.0, 0.0]).interpolate(false).filter(Filter::FlateDecode);
    image.finish();
    pdf.type1_font(font).base_font(Name(b"Helvetica"));
    pdf.finish()
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
    for (calibration, (x, y)) in FineScreen::ALL.into_iter().flat_map(steps) {
        text((x, y + STRIP.1 + 80), 70, &calibration.to_string());
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
    for (calibration, (left, top)) in FineScreen::ALL.into_iter().flat_map(steps) {
        for strip in 0..STRIPS {
            let place = |(x, y): (usize, usize)| (left + strip * STRIP.0 + x, top + y);
            if strip % 2 == 1 {
                coarse_places(calibration.pitch, STRIP).flat_map(coarse_dot).map(place).for_each(&mut ink);
            } else {
                fine_places(calibration.screen, STRIP).flat_map(fine_dot).map(place).for_each(&mut ink);
            }
        }
    }
    bits
}
