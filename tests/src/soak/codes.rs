//! Printed codes by the thousand: each is cut out of its page, printed, worn and scanned as a piece, and read by zbar and
//! zxing-cpp.

use std::path::{Path, PathBuf};

use super::{Extent, bound, each, sides};
use crate::paper;
use crate::paper_channel::rasteriser::DOT_UM;
use crate::paper_channel::{Class, Picture, Place};
use crate::sample::{PrintedCode, Works};
use crate::shape;

/// How often each code of a certificate is printed and scanned.
const DRAWS: u64 = 10;

/// Codes that a certificate has at most; each draw has a seed of its own.
const CODES: u64 = 3;

/// Paper that is cut out around a code and its quiet zone, mm.
const MARGIN_MM: f64 = 6.0;

/// Modules of a code's quiet zone (ISO/IEC 18004 §5.3.8).
const QUIET_MODULES: usize = 4;

/// Reads pictures: the texts of the codes on each.
type Read = fn(&[PathBuf]) -> Vec<Vec<String>>;

/// Those who read the scans, and how.
const READERS: [(&str, Read); 2] = [("zbar", paper::codes_by_zbar), ("zxing-cpp", paper::codes_by_zxing)];

/// A code that was printed and scanned once.
#[derive(Debug, Clone)]
pub struct CodeScan {
    /// The class of its print and of its scan.
    pub class: &'static str,
    /// Which code.
    pub code: &'static str,
    /// The certificate's number.
    pub number: u64,
    /// Which of the draws of this code.
    pub draw: u64,
    /// Whether a fold runs through it.
    pub is_folded: bool,
    /// Which readers did not read exactly what it says.
    pub unread_by: Vec<&'static str>,
}

/// A code with the paper around it.
#[derive(Debug)]
pub struct Piece {
    /// What is printed on it.
    pub front: Picture,
    /// What is printed on its other side, as a page of its own.
    pub behind: Picture,
    /// Where it lies on the page.
    pub place: Place,
}

/// Cuts a code out of its page, its quiet zone and 6 mm around it.
pub fn cut(code: &PrintedCode, page: &Picture, other: &Picture) -> Piece {
    let margin = (MARGIN_MM * 1000.0 / DOT_UM) as usize + QUIET_MODULES * code.module;
    let (left, top) = (code.corner.0.saturating_sub(margin), code.corner.1.saturating_sub(margin));
    let width = (code.corner.0 + code.side + margin).min(page.width) - left;
    let height = (code.corner.1 + code.side + margin).min(page.height) - top;
    Piece {
        front: page.part(left, top, width, height),
        // The sheet is turned over sidewards.
        behind: other.part(page.width - left - width, top, width, height),
        place: Place { left, top, page: (page.width, page.height) },
    }
}

/// Every code of each certificate, ten times in each class.
///
/// Only in classes whose reader treats a piece as it treats a page: a camera's tilt and a fax's lost rows belong to whole
/// pages. Scans that a reader could not read are kept in `target/unread`.
pub fn codes(works: &Works, classes: &[Class], extent: Extent) -> Vec<CodeScan> {
    let classes: Vec<Class> =
        classes.iter().copied().filter(|class| !matches!(class, Class::Fax | Class::Phone)).collect();
    let mut scans = each(extent, |number| {
        let sample = works.sample(number);
        let [front, back] = sides(&sample.pdf);
        let mut scans = Vec::new();
        for (index, code) in (0..).zip(&sample.codes) {
            let (page, other) = if code.is_behind { (&back, &front) } else { (&front, &back) };
            let piece = cut(code, page, other);
            for class in &classes {
                scans.extend(draws(*class, (&piece, code), (number, index)));
            }
        }
        scans
    });
    scans.sort_by_key(|scan| (scan.class, scan.code, scan.is_folded, scan.number, scan.draw));
    scans
}

fn draws(class: Class, (piece, code): (&Piece, &PrintedCode), (number, index): (u64, u64)) -> Vec<CodeScan> {
    let folder = tempfile::tempdir().expect("a folder");
    let top = code.corner.1 - piece.place.top;
    let rows = top as f64..(top + code.side) as f64;
    let scan = |draw: u64| {
        let seed = (number * CODES + index) * DRAWS + draw;
        let sheet = class.sheet_of_piece((&piece.front, piece.place), Some(&piece.behind), seed);
        let file = folder.path().join(format!("{}-{}-{number}-{draw}.png", class.name(), code.name.replace(' ', "-")));
        std::fs::write(&file, class.read(&sheet, seed).png()).expect("a scan");
        let is_folded = sheet.folds.iter().any(|row| rows.contains(row));
        let unread_by = Vec::new();
        (CodeScan { class: class.name(), code: code.name, number, draw, is_folded, unread_by }, file)
    };
    let (mut scans, files): (Vec<CodeScan>, Vec<PathBuf>) = (0..DRAWS).map(scan).unzip();
    for (reader, read) in READERS {
        for (scan, texts) in scans.iter_mut().zip(read(&files)) {
            if !texts.contains(&code.text) {
                scan.unread_by.push(reader);
            }
        }
    }
    let unread = scans.iter().zip(&files).filter(|(scan, _)| !scan.unread_by.is_empty());
    unread.for_each(|(_, file)| keep(file));
    scans
}

fn keep(scan: &Path) {
    let folder = shape::top().join("target/unread");
    std::fs::create_dir_all(&folder).expect("a folder for what was not read");
    std::fs::copy(scan, folder.join(scan.file_name().unwrap_or_default())).expect("the scan is kept");
}

/// A table of the scans: of each code of each class, those that a fold runs through by themselves, and all together; what
/// each reader could not read.
pub fn codes_table(scans: &[CodeScan]) -> String {
    let mut lines = vec![
        "| | scans | zbar: not read | at most (95 %) | zxing-cpp: not read | at most (95 %) |".to_owned(),
        "|---|---|---|---|---|---|".to_owned(),
    ];
    let mut line = |name: &str, scans: &[CodeScan]| {
        let [zbar, zxing] = READERS.map(|(reader, _)| {
            let unread = scans.iter().filter(|scan| scan.unread_by.contains(&reader)).count();
            format!("{unread} | {:.3} %", bound(unread, scans.len()) * 100.0)
        });
        lines.push(format!("| {name} | {} | {zbar} | {zxing} |", scans.len()));
    };
    let kind = |scan: &CodeScan| (scan.class, scan.code, scan.is_folded);
    for group in scans.chunk_by(|one, other| kind(one) == kind(other)) {
        if let Some(first) = group.first() {
            let folded = if first.is_folded { ", folded" } else { "" };
            line(&format!("{} {}{folded}", first.class, first.code), group);
        }
    }
    line("together", scans);
    lines.join("\n")
}

/// Which scans were not read, to be made again by the number of their certificate.
pub fn codes_unread(scans: &[CodeScan]) -> Vec<String> {
    let unread = scans.iter().filter(|scan| !scan.unread_by.is_empty());
    let said = unread.map(|CodeScan { class, code, number, draw, is_folded, unread_by }| {
        let folded = if *is_folded { ", folded" } else { "" };
        format!("{class} {code} {number}, draw {draw}{folded}: not read by {}", unread_by.join(" and "))
    });
    said.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_its_code_with_quiet_zone_margin_and_the_paper_behind_it() {
        let code =
            PrintedCode { name: "x", is_behind: false, corner: (400, 500), side: 90, module: 9, text: String::new() };
        let page = Picture::from_pixels(1000, 900, |x, y| (x * 7 + y * 13) as u8);
        let other = Picture::from_pixels(1000, 900, |x, y| (x * 3 + y * 5 + 1) as u8);
        let piece = cut(&code, &page, &other);
        // 6 mm are 141 whole dots.
        let margin = 141 + 4 * 9;
        assert_eq!((piece.front.width, piece.front.height), (90 + 2 * margin, 90 + 2 * margin));
        assert_eq!(piece.place, Place { left: 400 - margin, top: 500 - margin, page: (1000, 900) });
        for (x, y) in [(0, 0), (margin, margin), (piece.front.width - 1, piece.front.height - 1)] {
            assert_eq!(piece.front.get(x, y), page.get(400 - margin + x, 500 - margin + y));
            // What lies behind a dot stands as far from the other edge of the other side.
            let mirrored = piece.behind.width - 1 - x;
            assert_eq!(piece.behind.get(mirrored, y), other.get(999 - (400 - margin + x), 500 - margin + y));
        }
    }

    #[test]
    fn a_piece_ends_where_its_page_does() {
        let code =
            PrintedCode { name: "x", is_behind: true, corner: (40, 50), side: 90, module: 9, text: String::new() };
        let page = Picture::plain(200, 200, 255);
        let piece = cut(&code, &page, &page);
        assert_eq!((piece.front.width, piece.front.height), (200, 200));
        assert_eq!(piece.place, Place::whole(&page));
    }

    #[test]
    fn the_table_counts_what_each_reader_missed() {
        let scan = |code, readers: &[&'static str]| {
            let unread_by = readers.to_vec();
            CodeScan { class: "bad", code, number: 1, draw: 0, is_folded: unread_by.len() > 1, unread_by }
        };
        let scans = [scan("one", &["zxing-cpp"]), scan("one", &[]), scan("two", &["zbar", "zxing-cpp"])];
        let table = codes_table(&scans);
        let counts: Vec<Vec<&str>> =
            table.lines().skip(2).map(|line| line.split('|').map(str::trim).collect()).collect();
        let counted: Vec<_> = counts.iter().map(|row| [row[1], row[2], row[3], row[5]]).collect();
        assert_eq!(
            counted,
            [["bad one", "2", "0", "1"], ["bad two, folded", "1", "1", "1"], ["together", "3", "1", "2"]]
        );
        assert_eq!(codes_unread(&scans).len(), 2);
    }
}
