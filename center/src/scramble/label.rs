//! What stands in the open beside the picture: the label, and the QR's text made of it.

use std::fmt;

use shared::domain::identifiers::CertificateId;
use shared::proof::sha256;

use super::code::{BLOCK_BYTES, Rate};
use super::geometry::Geometry;
use super::keys::KeyId;
use super::{INQUIRY, base32};

/// Version, key id, certificate id and geometry of one picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    key: KeyId,
    certificate: CertificateId,
    layout: Layout,
}

/// How the data are laid into the field: geometry, code rate, number of code blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) geometry: Geometry,
    pub(super) rate: Rate,
    pub(super) blocks: usize,
}

/// The text of the QR beside the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrText {
    label: Label,
    digest: String,
}

impl Layout {
    /// The strongest code in which a frame of so many bytes fits the geometry.
    ///
    /// A small frame is repeated, its number of blocks found again by that. A frame too large to be repeated is
    /// filled up to the whole field, so that no number needs to be known.
    pub(super) fn fitting(geometry: Geometry, frame_bytes: usize) -> Option<Self> {
        let needed = frame_bytes.div_ceil(BLOCK_BYTES).max(1);
        let strongest = Self::full(geometry, Rate::Half);
        if needed * 2 <= strongest.blocks {
            return Some(Self { blocks: needed, ..strongest });
        }
        Rate::STRONGEST_FIRST.into_iter().map(|rate| Self::full(geometry, rate)).find(|full| needed <= full.blocks)
    }

    /// As many blocks as the field holds.
    pub(super) const fn full(geometry: Geometry, rate: Rate) -> Self {
        Self { geometry, rate, blocks: geometry.capacity() / rate.block_bits() }
    }

    /// The layouts a reader looks for: those that repeat their blocks, and those that fill the field.
    pub(super) fn repeating(geometry: Geometry) -> impl Iterator<Item = Self> {
        let full = Self::full(geometry, Rate::Half);
        (1..=full.blocks / 2).map(move |blocks| Self { blocks, ..full })
    }

    /// Bits after coding.
    pub(super) const fn coded_bits(self) -> usize {
        self.blocks * self.rate.block_bits()
    }

    const fn is_possible(self) -> bool {
        self.blocks > 0 && self.blocks < 1000 && self.coded_bits() <= self.geometry.capacity()
    }
}

impl Label {
    pub(super) const fn new(key: KeyId, certificate: CertificateId, layout: Layout) -> Self {
        Self { key, certificate, layout }
    }

    /// Id of the secret the picture is sealed with.
    pub const fn key(&self) -> &KeyId {
        &self.key
    }

    /// The certificate it says it belongs to.
    pub const fn certificate(&self) -> &CertificateId {
        &self.certificate
    }

    /// The field's size.
    pub const fn geometry(&self) -> Geometry {
        self.layout.geometry
    }

    pub(super) const fn layout(&self) -> Layout {
        self.layout
    }

    /// Parses `2.KEYID.CERTIFICATE.16X20A006`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (Some("2"), Some(key), Some(certificate), Some(layout), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        let label = Self {
            key: KeyId::parse(key)?,
            certificate: CertificateId::parse(certificate).ok()?,
            layout: parse_layout(layout)?,
        };
        // One picture, one label: another way of writing the same numbers is refused.
        (label.to_string() == text).then_some(label)
    }
}

fn parse_layout(text: &str) -> Option<Layout> {
    let (columns, rest) = text.split_once('X')?;
    let (rows, rate, blocks) = (rest.get(..2)?, rest.get(2..3)?, rest.get(3..)?);
    let layout = Layout {
        geometry: Geometry::new(columns.parse().ok()?, rows.parse().ok()?)?,
        rate: Rate::parse(rate)?,
        blocks: blocks.parse().ok()?,
    };
    layout.is_possible().then_some(layout)
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Layout { geometry, rate, blocks } = self.layout;
        write!(
            f,
            "2.{}.{}.{:02}X{:02}{}{blocks:03}",
            self.key.as_str(),
            self.certificate,
            geometry.columns(),
            geometry.rows(),
            rate.letter()
        )
    }
}

impl QrText {
    pub(super) fn new(label: Label, ciphertext: &[u8]) -> Self {
        Self { label, digest: digest(ciphertext) }
    }

    /// Parses what a QR says; `None` if it is not one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(INQUIRY)?.strip_prefix('#')?;
        let (label, digest) = rest.rsplit_once('.')?;
        let valid = digest.len() == DIGEST_CHARACTERS && base32::is_base32(digest);
        Some(Self { label: Label::parse(label)?, digest: valid.then(|| digest.to_owned())? })
    }

    /// The label.
    pub const fn label(&self) -> &Label {
        &self.label
    }

    /// Whether this QR stands beside that ciphertext.
    pub fn names(&self, ciphertext: &[u8]) -> bool {
        self.digest == digest(ciphertext)
    }
}

impl fmt::Display for QrText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{INQUIRY}#{}.{}", self.label, self.digest)
    }
}

const DIGEST_BYTES: usize = 16;
const DIGEST_CHARACTERS: usize = 26;

fn digest(ciphertext: &[u8]) -> String {
    base32::encode(sha256(ciphertext).split_at(DIGEST_BYTES).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label() -> Label {
        let layout = Layout::fitting(Geometry::STANDARD, 3000).unwrap();
        Label::new(KeyId::parse("ABCDEF2").unwrap(), CertificateId::from_number(77), layout)
    }

    #[test]
    fn a_label_is_read_as_it_was_written() {
        let text = label().to_string();
        assert!(text.ends_with(".16X20A006"), "{text}");
        assert_eq!(Label::parse(&text), Some(label()));
    }

    #[test]
    fn a_qr_text_is_read_as_it_was_written_and_names_its_ciphertext() {
        let qr = QrText::new(label(), b"ciphertext");
        let read = QrText::parse(&qr.to_string()).unwrap();
        assert_eq!(read, qr);
        assert!(read.names(b"ciphertext") && !read.names(b"Ciphertext"));
    }

    #[test]
    fn other_ways_of_writing_a_label_are_refused() {
        let text = label().to_string();
        for (from, to) in
            [("2.", "1."), ("A006", "A6"), ("A006", "A0060"), ("A006", "A000"), ("16X", "+16X"), ("X20", "X99")]
        {
            assert_eq!(Label::parse(&text.replacen(from, to, 1)), None, "{to}");
        }
        assert_eq!(Label::parse(&format!("{text}.")), None);
        assert_eq!(QrText::parse("https://center.konbini.example/verify#"), None);
        assert_eq!(QrText::parse("shc:/5676"), None);
    }

    #[test]
    fn small_frames_take_the_strongest_code_and_large_ones_what_fits() {
        let rate = |bytes| Layout::fitting(Geometry::STANDARD, bytes).map(|layout| layout.rate);
        assert_eq!(rate(3000), Some(Rate::Half));
        assert_eq!(rate(33_700), Some(Rate::TwoThirds));
        assert_eq!(rate(40_000), Some(Rate::FourFifths));
        assert_eq!(rate(42_000), None);
        let bytes = |geometry, rate| Layout::full(geometry, rate).blocks * BLOCK_BYTES;
        assert!(
            bytes(Geometry::DENSE, Rate::FourFifths) > 138_000 && bytes(Geometry::DENSEST, Rate::FourFifths) > 295_000
        );
    }
}
