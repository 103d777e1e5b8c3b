//! What programs nobody here wrote see on a printed certificate.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::program;
use crate::world::World;

/// The text of one page, by poppler.
#[track_caller]
pub fn text(pdf: &Path, page: u32) -> String {
    let page = page.to_string();
    program::run_well(Command::new("pdftotext").args(["-layout", "-f", &page, "-l", &page]).arg(pdf).arg("-"))
}

/// The text without spaces and line breaks, to look for items that were wrapped.
pub fn run_together(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A picture of one page at so many dots an inch, by poppler.
#[track_caller]
pub fn picture(pdf: &Path, page: u32, resolution: u32) -> PathBuf {
    let stem = pdf.with_extension(format!("p{page}-{resolution}"));
    let (page, resolution) = (page.to_string(), resolution.to_string());
    program::run_well(
        Command::new("pdftoppm")
            .args(["-png", "-singlefile", "-r", &resolution, "-f", &page, "-l", &page])
            .arg(pdf)
            .arg(&stem),
    );
    PathBuf::from(format!("{}.png", stem.display()))
}

/// The codes that zbar reads from a picture, sorted.
#[track_caller]
pub fn codes(picture: &Path) -> Vec<String> {
    codes_by_zbar(&[picture.to_owned()]).pop().unwrap_or_default()
}

/// The codes that zbar reads from each picture, sorted.
#[track_caller]
pub fn codes_by_zbar(pictures: &[PathBuf]) -> Vec<Vec<String>> {
    let mut reader = Command::new("zbarimg");
    let read = program::run(reader.args(["--quiet", "--xml", "-Sdisable", "-Sqrcode.enable"]).args(pictures));
    let said = String::from_utf8_lossy(&read.stdout);
    let found: Vec<Vec<String>> = said.split("<source ").skip(1).map(character_data).collect();
    assert_eq!(found.len(), pictures.len(), "zbar did not look at every picture: {said}");
    found
}

/// What stands in an XML text between `<![CDATA[` and `]]>`, sorted.
fn character_data(xml: &str) -> Vec<String> {
    let parts = xml.split("<![CDATA[").skip(1).filter_map(|part| part.split_once("]]>"));
    let mut texts: Vec<String> = parts.map(|(text, _)| text.to_owned()).collect();
    texts.sort();
    texts
}

/// The codes that zxing-cpp reads from each picture, sorted.
#[track_caller]
pub fn codes_by_zxing(pictures: &[PathBuf]) -> Vec<Vec<String>> {
    let top = crate::shape::top();
    let mut reader = Command::new(top.join("target/oracles/venv/bin/python3"));
    let said = program::run_well(reader.arg("-B").arg(top.join("tests/oracles/read_codes.py")).args(pictures));
    let texts = |line: &str| -> Vec<String> {
        let mut found: serde_json::Value = serde_json::from_str(line).expect("one object a line");
        let texts = found.get_mut("texts").expect("the texts").take();
        serde_json::from_value(texts).expect("texts")
    };
    let found: Vec<Vec<String>> = said.lines().map(texts).collect();
    assert_eq!(found.len(), pictures.len(), "zxing-cpp did not look at every picture: {said}");
    found
}

/// What an independent verifier, which knows only the public keys, says of codes.
#[derive(Debug)]
pub struct Verification {
    /// Whether every code holds.
    pub holds: bool,
    /// One object a code.
    pub found: Vec<serde_json::Value>,
    /// Why one does not.
    pub reasons: String,
}

/// Has codes verified by `oracles/verify_codes.py`.
#[track_caller]
pub fn verify_codes(world: &World, codes: &[String]) -> Verification {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracles/verify_codes.py");
    let input = codes.iter().fold(String::new(), |mut lines, code| {
        _ = writeln!(lines, "{code}");
        lines
    });
    let lines = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(lines.path(), input).expect("the codes are written");
    // Debian's own interpreter: python3-cryptography belongs to it.
    let output = program::run(
        Command::new("/usr/bin/python3")
            .arg("-B")
            .arg(script)
            .arg("--jwks")
            .arg(world.path("pki/jwks.json"))
            .arg("--csca")
            .arg(world.path("pki/csca.pem"))
            .args(["--at", "2022-10-03"])
            .stdin(Stdio::from(lines.reopen().expect("the codes are read"))),
    );
    let found = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("one object a line"))
        .collect();
    Verification {
        holds: output.status.success(),
        found,
        reasons: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Asks veraPDF whether the files are PDF/A-2u; gives what it says.
#[track_caller]
pub fn verapdf(files: &[&Path]) -> (bool, String) {
    const RUNTIME: [&str; 7] =
        ["jaxb-api", "jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2", "stax-ex", "javax.activation"];
    let archive = crate::shape::top().join("target/oracles/verapdf.jar");
    assert!(archive.is_file(), "{} is missing: run `make setup`", archive.display());
    let mut class_path = archive.display().to_string();
    for name in RUNTIME {
        _ = write!(class_path, ":/usr/share/java/{name}.jar");
    }
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracles/VeraPdf.java");
    let output = program::run(Command::new("java").arg("-cp").arg(class_path).arg(driver).args(files));
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}
