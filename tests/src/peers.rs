//! Other programs that make documents, each drawing the same certificates from the same file: what they need for it.

mod pages;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::{paper, program, shape};

pub use self::pages::{Pages, pages};

/// Certificates that are drawn; the first is not counted.
pub const DOCUMENTS: usize = 8;

/// A program that draws pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// The crate, in a program of its own.
    Krilla,
    /// Typesetting by markup, as a Python wheel.
    Typst,
    /// A canvas for Python, from Debian.
    Reportlab,
    /// HTML and CSS for Python, from Debian.
    Weasyprint,
}

/// What a peer said of its work.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawing {
    /// Name and version, by the program itself.
    pub version: String,
    /// Processor time of one document, the middle of all, in milliseconds.
    pub median_ms: f64,
    /// Size of the last document.
    pub bytes: u64,
    /// The most memory the program held, if it was looked at.
    pub peak_bytes: Option<u64>,
}

impl Peer {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Krilla, Self::Typst, Self::Reportlab, Self::Weasyprint];

    /// How often all certificates are drawn. Typst remembers what it has laid out: drawn again, a document costs it
    /// nothing. The slowest would take minutes.
    const fn rounds(self) -> usize {
        match self {
            Self::Krilla => 9,
            Self::Reportlab => 3,
            Self::Typst | Self::Weasyprint => 1,
        }
    }

    fn program(self) -> Command {
        let top = shape::top();
        let python = |interpreter: PathBuf, script: &str| {
            let mut command = Command::new(interpreter);
            command.arg("-B").arg(top.join("tests/peers").join(script));
            command
        };
        match self {
            Self::Krilla => Command::new(top.join("target/peers/krilla/release/draw-with-krilla")),
            Self::Typst => python(top.join("target/peers/venv/bin/python3"), "draw_with_typst.py"),
            // Debian's own interpreter: its libraries belong to it.
            Self::Reportlab => python("/usr/bin/python3".into(), "draw_with_reportlab.py"),
            Self::Weasyprint => python("/usr/bin/python3".into(), "draw_with_weasyprint.py"),
        }
    }

    /// Has the certificates in a file drawn; the last document is left in `target`.
    #[track_caller]
    pub fn draw(self, pages: &Path, target: &Path) -> Drawing {
        const ADVICE: &str = "`.ci/setup bench` installs what it lacks";
        let mut command = self.program();
        let output = match command.arg(pages).arg(target).arg(self.rounds().to_string()).output() {
            Ok(output) => output,
            Err(error) => panic!("{self:?} does not start ({error}): {ADVICE}"),
        };
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{self:?} drew nothing: {ADVICE}\n{said}");
        serde_json::from_slice(&output.stdout).expect("a peer says what it did in one object")
    }
}

/// Why a document does not show the certificate it was drawn from, by poppler and zbar: two pages, every text and every
/// code of the front. Empty if it does.
#[track_caller]
pub fn differences(pdf: &Path, pages: &Pages) -> Vec<String> {
    let about = program::run_well(Command::new("pdfinfo").arg(pdf));
    let count = about.lines().find_map(|line| line.strip_prefix("Pages:")).map_or("", str::trim);
    let mut differences = Vec::new();
    if count != "2" {
        differences.push(format!("{count} pages"));
    }
    let front = paper::run_together(&paper::text(pdf, 1));
    let lacks = |text: &&&String| !front.contains(&paper::run_together(text));
    differences.extend(pages.front_texts().iter().filter(lacks).map(|text| format!("no {text:?}")));
    let codes = paper::codes(&paper::picture(pdf, 1, 300));
    let unread = pages.front_codes().iter().filter(|code| !codes.contains(code));
    differences.extend(unread.map(|code| format!("no code that says {code:?}")));
    differences
}
