//! The status word at the end of every answer (ISO/IEC 7816-4 §5.6, JICSAP V1.1).

use std::fmt;

/// What the card says of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusWord {
    /// `9000`
    Success,
    /// `61xx`: so many bytes wait for GET RESPONSE; 0 means 256 or more.
    MoreData(u8),
    /// `63Cx`: so many tries are left.
    TriesLeft(u8),
    /// `6984` on this card, `6983` on others: the PIN is blocked.
    Blocked,
    /// `6982`: a PIN must be verified first.
    SecurityNotSatisfied,
    /// `6985`
    ConditionsNotSatisfied,
    /// `6A82`: no such application or file.
    NotFound,
    /// `6B00`: the offset lies behind the end of the file.
    OffsetOutside,
    /// `6Cxx`: Le is wrong, this would be right.
    WrongLength(u8),
    /// Any other.
    Other(u16),
}

impl StatusWord {
    /// Reads SW1 and SW2.
    pub const fn from_bytes(first: u8, second: u8) -> Self {
        match (first, second) {
            (0x90, 0x00) => Self::Success,
            (0x61, length) => Self::MoreData(length),
            (0x63, 0xC0..=0xCF) => Self::TriesLeft(second & 0x0F),
            (0x69, 0x83 | 0x84) => Self::Blocked,
            (0x69, 0x82) => Self::SecurityNotSatisfied,
            (0x69, 0x85) => Self::ConditionsNotSatisfied,
            (0x6A, 0x82) => Self::NotFound,
            (0x6B, 0x00) => Self::OffsetOutside,
            (0x6C, length) => Self::WrongLength(length),
            _ => Self::Other(u16::from_be_bytes([first, second])),
        }
    }

    /// The four hexadecimal digits as a number.
    pub const fn as_u16(self) -> u16 {
        match self {
            Self::Success => 0x9000,
            Self::MoreData(length) => 0x6100 | length as u16,
            Self::TriesLeft(tries) => 0x63C0 | tries as u16,
            Self::Blocked => 0x6984,
            Self::SecurityNotSatisfied => 0x6982,
            Self::ConditionsNotSatisfied => 0x6985,
            Self::NotFound => 0x6A82,
            Self::OffsetOutside => 0x6B00,
            Self::WrongLength(length) => 0x6C00 | length as u16,
            Self::Other(word) => word,
        }
    }
}

impl fmt::Display for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.as_u16())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_prints_as_it_came() {
        for word in 0..=u16::MAX {
            let [first, second] = word.to_be_bytes();
            let status = StatusWord::from_bytes(first, second);
            let expected = if word == 0x6983 { 0x6984 } else { word };
            assert_eq!(status.as_u16(), expected);
        }
        assert_eq!(StatusWord::from_bytes(0x63, 0xC2), StatusWord::TriesLeft(2));
        assert_eq!(StatusWord::Blocked.to_string(), "6984");
    }
}
