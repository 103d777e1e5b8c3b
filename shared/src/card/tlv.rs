//! The BER-TLV elements in the card's files (ISO/IEC 7816-4 §6.3): bounded, without recursion.
//!
//! **Invariant**: one call looks at one level only; a caller goes down a fixed number of levels by name.

/// The most elements one level may hold.
pub const MAXIMUM_ELEMENTS: usize = 64;

/// The longest tag, in bytes.
const MAXIMUM_TAG_BYTES: usize = 3;

/// Why bytes are no element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TlvError {
    /// The bytes end inside an element.
    #[error("an element is cut off")]
    CutOff,
    /// A tag of more than three bytes.
    #[error("a tag is longer than allowed")]
    TagTooLong,
    /// An indefinite length, or one of more than two bytes.
    #[error("a length is not of the allowed form")]
    Length,
    /// More than [`MAXIMUM_ELEMENTS`] on one level.
    #[error("there are more elements than allowed")]
    TooMany,
    /// A tag stands twice on one level.
    #[error("the element {0:04X} stands twice")]
    Duplicate(u32),
    /// An expected element is not there.
    #[error("the element {0:04X} is missing")]
    Missing(u32),
}

/// Where an element's value lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The tag's bytes as a number, `0xFF20`.
    pub tag: u32,
    /// Bytes of tag and length.
    pub header_bytes: usize,
    /// Bytes of the value.
    pub value_bytes: usize,
}

impl Header {
    /// Reads tag and length; the value need not be there yet.
    pub fn read(bytes: &[u8]) -> Result<Self, TlvError> {
        let (tag, tag_bytes) = read_tag(bytes)?;
        let after = bytes.get(tag_bytes..).ok_or(TlvError::CutOff)?;
        let (value_bytes, length_bytes) = read_length(after)?;
        Ok(Self { tag, header_bytes: tag_bytes + length_bytes, value_bytes })
    }

    /// Bytes of the whole element.
    pub const fn total_bytes(&self) -> usize {
        self.header_bytes + self.value_bytes
    }
}

/// The value of the element that stands first, which must have this tag. What follows it is filler.
pub fn first(bytes: &[u8], tag: u32) -> Result<&[u8], TlvError> {
    let header = Header::read(bytes)?;
    if header.tag != tag {
        return Err(TlvError::Missing(tag));
    }
    bytes.get(header.header_bytes..header.total_bytes()).ok_or(TlvError::CutOff)
}

/// The value of the one element with this tag among the elements that fill `bytes`.
pub fn find(bytes: &[u8], tag: u32) -> Result<&[u8], TlvError> {
    let mut found = None;
    let mut rest = bytes;
    for _ in 0..MAXIMUM_ELEMENTS {
        if rest.is_empty() {
            return found.ok_or(TlvError::Missing(tag));
        }
        let header = Header::read(rest)?;
        let value = rest.get(header.header_bytes..header.total_bytes()).ok_or(TlvError::CutOff)?;
        if header.tag == tag && found.replace(value).is_some() {
            return Err(TlvError::Duplicate(tag));
        }
        rest = rest.get(header.total_bytes()..).unwrap_or_default();
    }
    if rest.is_empty() { found.ok_or(TlvError::Missing(tag)) } else { Err(TlvError::TooMany) }
}

fn read_tag(bytes: &[u8]) -> Result<(u32, usize), TlvError> {
    let (&first, rest) = bytes.split_first().ok_or(TlvError::CutOff)?;
    let mut tag = u32::from(first);
    if first & 0x1F != 0x1F {
        return Ok((tag, 1));
    }
    for length in 2..=MAXIMUM_TAG_BYTES {
        let &byte = rest.get(length - 2).ok_or(TlvError::CutOff)?;
        tag = tag << 8 | u32::from(byte);
        if byte & 0x80 == 0 {
            return Ok((tag, length));
        }
    }
    Err(TlvError::TagTooLong)
}

fn read_length(bytes: &[u8]) -> Result<(usize, usize), TlvError> {
    match bytes {
        [] | [0x81 | 0x82] | [0x82, _] => Err(TlvError::CutOff),
        [short @ 0..=0x7F, ..] => Ok((usize::from(*short), 1)),
        [0x81, length, ..] => Ok((usize::from(*length), 2)),
        [0x82, high, low, ..] => Ok((usize::from(u16::from_be_bytes([*high, *low])), 3)),
        _ => Err(TlvError::Length),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_and_two_byte_tags_and_three_forms_of_length_are_read() {
        assert_eq!(first(&[0xFF, 0x10, 0x02, 7, 8, 0xFF, 0xFF], 0xFF10), Ok([7, 8].as_slice()));
        assert_eq!(first(&[0x90, 0x81, 0x01, 9], 0x90), Ok([9].as_slice()));
        assert_eq!(first(&[0x91, 0x82, 0x00, 0x01, 9], 0x91), Ok([9].as_slice()));
        assert_eq!(first(&[0xFF, 0x10, 0x00], 0xFF20), Err(TlvError::Missing(0xFF20)));
    }

    #[test]
    fn hostile_lengths_and_tags_are_refused() {
        assert_eq!(first(&[0x30, 0x80, 0, 0], 0x30), Err(TlvError::Length));
        assert_eq!(first(&[0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], 0x30), Err(TlvError::Length));
        assert_eq!(first(&[0x30, 0x05, 1], 0x30), Err(TlvError::CutOff));
        assert_eq!(first(&[0xFF, 0xFF, 0xFF, 0xFF, 0x00], 0xFF10), Err(TlvError::TagTooLong));
    }

    #[test]
    fn an_element_must_stand_once() {
        let level = [0xDF, 0x31, 1, 5, 0xDF, 0x32, 1, 6];
        assert_eq!(find(&level, 0xDF32), Ok([6].as_slice()));
        assert_eq!(find(&level, 0xDF33), Err(TlvError::Missing(0xDF33)));
        assert_eq!(find(&level.repeat(2), 0xDF31), Err(TlvError::Duplicate(0xDF31)));
        assert_eq!(find(&[0x01, 0x00].repeat(MAXIMUM_ELEMENTS + 1), 0xDF31), Err(TlvError::TooMany));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600), tag in any::<u32>()) {
            let outcomes = (Header::read(&bytes), first(&bytes, tag), find(&bytes, tag));
            prop_assert!(outcomes.1.is_err() || outcomes.0.is_ok());
        }
    }
}
