//! Classes of paper: good, typical, bad, inkjet, fax, phone. A page of a class is drawn from a seed.

use super::faxing::Fax;
use super::photography::Camera;
use super::picture::Picture;
use super::printing::{Place, Printer, Sheet};
use super::scanning::Scanner;
use super::texture::Chance;
use super::wear::Wear;

/// Printer, treatment and reader that go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A laser in order, handled with care, a flatbed at 300 dots an inch.
    Good,
    /// A copier in a store; skewed up to 3°, fitted to 94 to 103 %, folded, specked, JPEG 75.
    Typical,
    /// The same at the end of its drum, and worse handling.
    Bad,
    /// An inkjet, handled and scanned as typical.
    Inkjet,
    /// A typical print faxed at 204 × 196 dots an inch, black and white.
    Fax,
    /// A typical print photographed with a phone.
    Phone,
    /// A typical print scanned in grey at 150 dots an inch.
    Coarse,
}

/// How a page of a class came out, for telling what was hard.
#[derive(Debug, Clone, Copy)]
pub struct Handling {
    /// The engine.
    pub printer: Printer,
    /// What happened to the paper.
    pub wear: Wear,
    /// Degrees.
    pub skew_degrees: f64,
    /// Scale of the picture over the sheet.
    pub scale: f64,
    /// JPEG quality of the file; `None` for a lossless one.
    pub jpeg: Option<u8>,
    reader: Reader,
}

#[derive(Debug, Clone, Copy)]
enum Reader {
    Flatbed(Scanner),
    Fax(Fax),
    Phone(Camera),
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Good, Self::Typical, Self::Bad, Self::Inkjet, Self::Fax, Self::Phone, Self::Coarse];

    /// In tables and on command lines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Typical => "typical",
            Self::Bad => "bad",
            Self::Inkjet => "inkjet",
            Self::Fax => "fax",
            Self::Phone => "phone",
            Self::Coarse => "coarse",
        }
    }

    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    /// The print engine of this class.
    pub const fn printer(self) -> Printer {
        match self {
            Self::Good => Printer::GOOD,
            Self::Typical | Self::Fax | Self::Phone | Self::Coarse => Printer::TYPICAL,
            Self::Bad => Printer::BAD,
            Self::Inkjet => Printer::INKJET,
        }
    }

    /// How a page of this class is handled.
    pub fn handling(self, seed: u64) -> Handling {
        let chance = &mut Chance::new(seed, 40);
        let is_good = self == Self::Good;
        let is_bad = self == Self::Bad;
        let wear = Wear {
            specks: chance.below(if is_good {
                10
            } else if is_bad {
                400
            } else {
                120
            }),
            voids: chance.below(if is_good {
                5
            } else if is_bad {
                400
            } else {
                80
            }),
            folds: if is_good { 0 } else { chance.below(if is_bad { 4 } else { 3 }) },
            show_through: chance.between(0.0, if is_good { 0.03 } else { 0.1 }),
        };
        // A fax and a phone take the whole sheet; a flatbed's picture may be a print fitted to the page.
        let (most_skew, scales) = match self {
            Self::Good => (0.7, (0.99, 1.01)),
            Self::Typical | Self::Bad | Self::Inkjet | Self::Coarse => (3.0, (0.94, 1.03)),
            Self::Fax => (1.0, (0.99, 1.01)),
            Self::Phone => (6.0, (1.0, 1.0)),
        };
        let skew_degrees = chance.between(-most_skew, most_skew);
        let scale = chance.between(scales.0, scales.1);
        let reader = self.reader(skew_degrees, scale, chance);
        let jpeg = match self {
            Self::Good => Some(92),
            Self::Typical | Self::Bad | Self::Inkjet | Self::Coarse => Some(75),
            Self::Fax => None,
            Self::Phone => Some(85),
        };
        Handling { printer: self.printer(), wear, skew_degrees, scale, jpeg, reader }
    }

    fn reader(self, skew_degrees: f64, scale: f64, chance: &mut Chance) -> Reader {
        let dpi = if self == Self::Coarse { 150.0 } else { 300.0 };
        let scanner = Scanner {
            dpi: (dpi, dpi),
            skew_degrees,
            scale,
            offset_mm: (chance.between(-1.5, 1.5), chance.between(-1.5, 1.5)),
            ..Scanner::FLATBED
        };
        match self {
            Self::Good => Reader::Flatbed(scanner),
            Self::Typical | Self::Inkjet | Self::Coarse => Reader::Flatbed(Scanner {
                blur_um: 45.0,
                wobble_mm: 0.05,
                greys: (238.0, 40.0),
                gamma: chance.between(0.85, 1.2),
                noise: 4.0,
                ..scanner
            }),
            Self::Bad => Reader::Flatbed(Scanner {
                blur_um: 60.0,
                wobble_mm: 0.12,
                greys: (226.0, 55.0),
                gamma: chance.between(0.75, 1.35),
                noise: 8.0,
                ..scanner
            }),
            Self::Fax => Reader::Fax(Fax {
                scanner: Scanner { skew_degrees, scale, offset_mm: scanner.offset_mm, ..Fax::FINE.scanner },
                threshold: chance.between(0.5, 0.62),
                ..Fax::FINE
            }),
            Self::Phone => Reader::Phone(Camera {
                ppi: chance.between(230.0, 340.0),
                tilt_degrees: (chance.between(-10.0, 10.0), chance.between(-10.0, 10.0)),
                turn_degrees: skew_degrees,
                blur_um: chance.between(40.0, 75.0),
                motion_um: chance.between(0.0, 90.0),
                distortion: chance.between(0.0, 0.012),
                curl_mm: chance.between(0.0, 1.5),
                shade: chance.between(0.1, 0.45),
                noise: chance.between(2.5, 6.0),
            }),
        }
    }

    /// One page of this class: printed, worn and read. `behind` is its other side.
    pub fn page(self, page: &Picture, behind: Option<&Picture>, seed: u64) -> Picture {
        self.read(&self.sheet(page, behind, seed), seed)
    }

    /// A sheet of this class, before it is read.
    pub fn sheet(self, page: &Picture, behind: Option<&Picture>, seed: u64) -> Sheet {
        self.sheet_of_piece((page, Place::whole(page)), behind, seed)
    }

    /// A piece of a page of this class, before it is read, treated as the whole page would be; `behind` is the other side
    /// of the piece.
    pub fn sheet_of_piece(self, (piece, place): (&Picture, Place), behind: Option<&Picture>, seed: u64) -> Sheet {
        let handling = self.handling(seed);
        let mut sheet = handling.printer.print_piece(piece, place, seed);
        handling.wear.apply((&mut sheet, place), behind, &mut Chance::new(seed, 41));
        sheet
    }

    /// A sheet read as in this class.
    pub fn read(self, sheet: &Sheet, seed: u64) -> Picture {
        read_by(self.handling(seed), sheet, seed)
    }

    /// A sheet read as in this class, with so many dots an inch if that is by a flatbed.
    pub fn read_at(self, dpi: f64, sheet: &Sheet, seed: u64) -> Picture {
        let handling = self.handling(seed);
        let reader = match handling.reader {
            Reader::Flatbed(scanner) => Reader::Flatbed(Scanner { dpi: (dpi, dpi), ..scanner }),
            other @ (Reader::Fax(_) | Reader::Phone(_)) => other,
        };
        read_by(Handling { reader, ..handling }, sheet, seed)
    }
}

fn read_by(handling: Handling, sheet: &Sheet, seed: u64) -> Picture {
    let picture = match handling.reader {
        Reader::Flatbed(scanner) => scanner.scan(sheet, seed),
        Reader::Fax(fax) => fax.send(sheet, seed),
        Reader::Phone(camera) => camera.photograph(sheet, seed),
    };
    handling.jpeg.map_or_else(|| picture.clone(), |quality| picture.through_jpeg(quality))
}
