//! Numbers, texts and lists as bytes, and back without trusting a length.

use jiff::civil::Date;
use zeroize::Zeroizing;

use super::{date_number, date_of};

/// The bytes are none that were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// Writes one value after the other.
pub(super) struct Writer<'a> {
    bytes: Zeroizing<Vec<u8>>,
    /// Texts that were written, in their order.
    texts: Vec<&'a str>,
}

/// Room for nearly every record, so that no copy of a part of it is left behind.
const ROOM: usize = 1024;

impl Default for Writer<'_> {
    fn default() -> Self {
        Self { bytes: Zeroizing::new(Vec::with_capacity(ROOM)), texts: Vec::with_capacity(32) }
    }
}

impl<'a> Writer<'a> {
    /// What was written.
    pub(super) fn into_bytes(self) -> Zeroizing<Vec<u8>> {
        self.bytes
    }

    /// LEB128: seven bits a byte, the lowest first.
    pub(super) fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push((value & 0x7F) as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    /// Small numbers of either sign are short.
    pub(super) fn signed(&mut self, value: i64) {
        self.number(((value << 1) ^ (value >> 63)).cast_unsigned());
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }

    /// An odd number is the place of a text that stood before; an even one the length of a new text.
    pub(super) fn text(&mut self, text: &'a str) {
        if let Some(place) = self.texts.iter().position(|earlier| *earlier == text) {
            self.number((place as u64) << 1 | 1);
            return;
        }
        self.number((text.len() as u64) << 1);
        self.bytes.extend_from_slice(text.as_bytes());
        self.texts.push(text);
    }

    pub(super) fn date(&mut self, date: Date) {
        self.signed(date_number(date));
    }

    pub(super) fn option<T>(&mut self, value: Option<&'a T>, write: impl FnOnce(&mut Self, &'a T)) {
        self.number(value.is_some().into());
        if let Some(value) = value {
            write(self, value);
        }
    }

    pub(super) fn list<T>(&mut self, values: &'a [T], write: impl Fn(&mut Self, &'a T)) {
        self.number(values.len() as u64);
        for value in values {
            write(self, value);
        }
    }
}

/// Reads what a [`Writer`] wrote.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    texts: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, texts: Vec::with_capacity(32) }
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// A number that is longer than 64 bits or than it must be was never written.
    pub(super) fn number(&mut self) -> Result<u64, Malformed> {
        let mut value = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let (&byte, rest) = self.rest.split_first().ok_or(Malformed)?;
            self.rest = rest;
            let part = u64::from(byte & 0x7F);
            let is_superfluous = byte == 0 && shift > 0;
            if is_superfluous || part << shift >> shift != part {
                return Err(Malformed);
            }
            value |= part << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Malformed)
    }

    pub(super) fn signed(&mut self) -> Result<i64, Malformed> {
        let number = self.number()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    /// A number that fits one byte.
    pub(super) fn byte(&mut self) -> Result<u8, Malformed> {
        self.number()?.try_into().map_err(|_outside| Malformed)
    }

    pub(super) fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.number()?;
        self.take(length)
    }

    pub(super) fn text(&mut self) -> Result<&'a str, Malformed> {
        let number = self.number()?;
        if number & 1 == 1 {
            let place = usize::try_from(number >> 1).map_err(|_outside| Malformed)?;
            return self.texts.get(place).copied().ok_or(Malformed);
        }
        let text = std::str::from_utf8(self.take(number >> 1)?).map_err(|_invalid| Malformed)?;
        self.texts.push(text);
        Ok(text)
    }

    /// A text with a form of its own.
    pub(super) fn parsed<T, E>(&mut self, parse: impl FnOnce(&str) -> Result<T, E>) -> Result<T, Malformed> {
        parse(self.text()?).map_err(|_form| Malformed)
    }

    pub(super) fn date(&mut self) -> Result<Date, Malformed> {
        date_of(self.signed()?).ok_or(Malformed)
    }

    pub(super) fn option<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Malformed>,
    ) -> Result<Option<T>, Malformed> {
        match self.number()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            _ => Err(Malformed),
        }
    }

    pub(super) fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, Malformed>,
    ) -> Result<Vec<T>, Malformed> {
        let length = self.number()?;
        // Each entry takes a byte at least: a length beyond the rest is none.
        if length > self.rest.len() as u64 {
            return Err(Malformed);
        }
        (0..length).map(|_| read(self)).collect()
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Malformed> {
        let length = usize::try_from(length).map_err(|_outside| Malformed)?;
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Malformed)?;
        self.rest = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(bytes: &[u8]) -> Result<u64, Malformed> {
        let mut reader = Reader::new(bytes);
        let number = reader.number()?;
        assert!(reader.is_at_end(), "{bytes:02x?}");
        Ok(number)
    }

    fn written(write: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
        let mut writer = Writer::default();
        write(&mut writer);
        writer.into_bytes().to_vec()
    }

    /// Values where the number of bytes changes, with their neighbours, and the ends.
    fn edges() -> impl Iterator<Item = u64> {
        let beginnings = (0..64).step_by(7).map(|bits| 1_u64 << bits);
        beginnings.flat_map(|edge| [edge - 1, edge, edge + 1]).chain([u64::MAX - 1, u64::MAX, 1 << 63])
    }

    #[test]
    fn every_number_comes_back_in_as_few_bytes_as_it_takes() {
        for value in edges() {
            let bytes = written(|writer| writer.number(value));
            assert_eq!(number(&bytes), Ok(value));
            let bits = u64::BITS - value.leading_zeros();
            assert_eq!(bytes.len() as u32, bits.div_ceil(7).max(1), "{value}");
            let signed = value.cast_signed();
            let bytes = written(|writer| writer.signed(signed));
            assert_eq!(Reader::new(&bytes).signed(), Ok(signed));
        }
    }

    #[test]
    fn a_number_beyond_64_bits_is_none() {
        let highest = [&[0xFF; 9][..], &[0x01]].concat();
        assert_eq!(number(&highest), Ok(u64::MAX));
        for tenth in (0..=0xFF).filter(|tenth| *tenth != 0x01) {
            let bytes = [&[0xFF; 9][..], &[tenth], &[0x01]].concat();
            assert_eq!(Reader::new(&bytes).number(), Err(Malformed), "{tenth:#04x}");
        }
        assert_eq!(Reader::new(&[0x80; 64]).number(), Err(Malformed), "without an end");
        assert_eq!(Reader::new(&[0xFF; 9]).number(), Err(Malformed), "cut off");
    }

    #[test]
    fn a_number_with_superfluous_bytes_is_none() {
        for value in edges() {
            let mut bytes = written(|writer| writer.number(value));
            while bytes.len() < 10 {
                *bytes.last_mut().unwrap() |= 0x80;
                bytes.push(0);
                assert_eq!(Reader::new(&bytes).number(), Err(Malformed), "{bytes:02x?}");
            }
        }
    }

    #[test]
    fn a_length_or_place_beyond_what_is_there_is_none() {
        for length in [2, 1 << 31, 1 << 32, u64::MAX >> 1, u64::MAX] {
            let bytes = [written(|writer| writer.number(length)), vec![0]].concat();
            assert_eq!(Reader::new(&bytes).bytes(), Err(Malformed), "{length}");
            assert_eq!(Reader::new(&bytes).list(Reader::number), Err(Malformed), "{length}");
            // As a text it is a length where it is even, and the place of an earlier text where it is odd.
            for text in [length << 1, length << 1 | 1] {
                let bytes = [written(|writer| writer.number(text)), vec![0]].concat();
                assert_eq!(Reader::new(&bytes).text(), Err(Malformed), "{length}");
            }
        }
    }
}
