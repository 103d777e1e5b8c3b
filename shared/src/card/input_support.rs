//! The 券面事項入力補助 application: the number and the attributes, signed, after a four-digit PIN.

use jiff::civil::Date;
use zeroize::Zeroizing;

use super::channel::{CardResult, Channel};
use super::command::KeyReference;
use super::guard::PinObject;
use super::pin::{LastTryConfirmed, Pin, PinStatus, PinVerdict};
use super::tlv::{self, TlvError};
use super::transport::Transport;
use crate::domain::identifiers::MyNumber;
use crate::domain::person::{Attributes, Sex};
use crate::proof::Digest;
use crate::wire::holder::InputSupportProof;

/// The application's name.
pub const APPLICATION: [u8; 10] = [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08];
/// EF: the number, with filler.
pub const NUMBER: [u8; 2] = [0x00, 0x01];
/// EF: the four attributes.
pub const ATTRIBUTES: [u8; 2] = [0x00, 0x02];
/// EF: digests of both, signed.
pub const SIGNATURE: [u8; 2] = [0x00, 0x03];
/// EF: the CV certificate of the signer; free to read.
pub const AUTHORITY_CERTIFICATE: [u8; 2] = [0x00, 0x04];
/// EF: the card's own public key, signed.
pub const PUBLIC_KEY: [u8; 2] = [0x00, 0x07];
/// IEF: the four-digit PIN, three tries.
pub const PIN: [u8; 2] = [0x00, 0x11];
/// IEF: the card's own private key; signs without a PIN.
pub const PRIVATE_KEY: [u8; 2] = [0x00, 0x13];

/// Physical bytes of [`NUMBER`]: an element of fifteen and two of filler.
const NUMBER_BYTES: u8 = 17;

/// Selects the application.
pub fn select<T: Transport>(channel: &mut Channel<T>) -> CardResult<(), T> {
    channel.select_application(&APPLICATION)
}

/// Asks for the tries left; spends none.
pub fn pin_status<T: Transport>(channel: &mut Channel<T>) -> CardResult<PinStatus, T> {
    channel.pin_status(PIN)
}

/// Sends the PIN once; see [`Channel::verify`].
pub fn verify_pin<T: Transport>(
    channel: &mut Channel<T>,
    pin: Pin,
    confirmed: Option<LastTryConfirmed>,
) -> CardResult<PinVerdict, T> {
    channel.verify(PinObject::InputSupport, pin, confirmed)
}

/// Reads the files and signs the transcript's digest, after the PIN; then the certificate of the other application.
pub fn prove<T: Transport>(channel: &mut Channel<T>, transcript: &Digest) -> CardResult<InputSupportProof, T> {
    let number_file = channel.read_physical(NUMBER, NUMBER_BYTES)?;
    let attributes_file = channel.read_element(ATTRIBUTES)?;
    let signature_file = channel.read_element(SIGNATURE)?;
    let authority_certificate = channel.read_element(AUTHORITY_CERTIFICATE)?;
    let public_key_file = channel.read_element(PUBLIC_KEY)?;
    let response = channel.sign(PRIVATE_KEY, KeyReference::Default, transcript)?;
    super::jpki::select(channel)?;
    let authentication_certificate = super::jpki::authentication_certificate(channel)?;
    Ok(InputSupportProof {
        number_file: number_file.as_slice().into(),
        attributes_file: attributes_file.as_slice().into(),
        signature_file: signature_file.as_slice().into(),
        authority_certificate: authority_certificate.as_slice().into(),
        public_key_file: public_key_file.as_slice().into(),
        response: response.into(),
        authentication_certificate: authentication_certificate.as_slice().into(),
    })
}

/// Why a file of this application says nothing usable. The value is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Its elements are not well-formed.
    #[error("the file's elements are malformed")]
    Elements(#[from] TlvError),
    /// The number is no My Number.
    #[error("the number is malformed")]
    Number,
    /// A text is not UTF-8 or empty.
    #[error("a text is malformed")]
    Text,
    /// The birth date is no date.
    #[error("the birth date is malformed")]
    BirthDate,
    /// The sex is none of 0, 1, 2, 9.
    #[error("the sex is malformed")]
    Sex,
}

/// Reads the number out of [`NUMBER`]'s physical bytes: `FF10`, twelve digits.
pub fn number(file: &[u8]) -> Result<MyNumber, FileError> {
    let digits = std::str::from_utf8(tlv::first(file, 0xFF10)?).ok().ok_or(FileError::Number)?;
    MyNumber::parse(digits).ok().ok_or(FileError::Number)
}

/// Reads the four attributes out of [`ATTRIBUTES`]: `FF20 { DF21 offsets, DF22 name, DF23 address, DF24 birth date, DF25 sex }`.
pub fn attributes(file: &[u8]) -> Result<Attributes, FileError> {
    let elements = tlv::first(file, 0xFF20)?;
    Ok(Attributes {
        name: text(tlv::find(elements, 0xDF22)?)?,
        address: text(tlv::find(elements, 0xDF23)?)?,
        birth_date: date(tlv::find(elements, 0xDF24)?)?,
        sex: match tlv::find(elements, 0xDF25)? {
            b"1" => Sex::Male,
            b"2" => Sex::Female,
            b"0" | b"9" => Sex::NotApplicable,
            _ => return Err(FileError::Sex),
        },
    })
}

fn text(value: &[u8]) -> Result<String, FileError> {
    match std::str::from_utf8(value) {
        Ok(text) if !text.is_empty() => Ok(text.to_owned()),
        Ok(_) | Err(_) => Err(FileError::Text),
    }
}

fn date(value: &[u8]) -> Result<Date, FileError> {
    let digits: Zeroizing<[u8; 8]> =
        Zeroizing::new(value.try_into().map_err(|std::array::TryFromSliceError { .. }| FileError::BirthDate)?);
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(FileError::BirthDate);
    }
    let number = |range: std::ops::Range<usize>| {
        digits.get(range).unwrap_or_default().iter().fold(0_i16, |sum, digit| sum * 10 + i16::from(digit - b'0'))
    };
    Date::new(number(0..4), number(4..6) as i8, number(6..8) as i8).ok().ok_or(FileError::BirthDate)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The layout of a real test card's file (104 bytes), with a name of our own.
    fn sample() -> Vec<u8> {
        let mut body = vec![0xDF, 0x21, 8, 0, 0x0E, 0, 0x20, 0, 0x59, 0, 0x64];
        for (tag, value) in [(0x22, "試験　花子"), (0x23, "東京都千代田区"), (0x24, "19800217"), (0x25, "2")]
        {
            body.extend([0xDF, tag, value.len() as u8]);
            body.extend(value.as_bytes());
        }
        let mut file = vec![0xFF, 0x20, body.len() as u8];
        file.extend(body);
        file
    }

    #[test]
    fn the_four_attributes_are_read() {
        let attributes = attributes(&sample()).unwrap();
        assert_eq!(attributes.name, "試験　花子");
        assert_eq!(attributes.birth_date, jiff::civil::date(1980, 2, 17));
        assert_eq!(attributes.sex, Sex::Female);
    }

    #[test]
    fn a_number_is_twelve_digits_with_a_right_last_one() {
        let file = |digits: &str| [b"\xFF\x10\x0C", digits.as_bytes(), &[0xFF, 0xFF]].concat();
        assert!(number(&file("123456789018")).is_ok());
        assert_eq!(number(&file("123456789010")).unwrap_err(), FileError::Number);
        assert!(number(b"\xFF\x10\x0C1234").is_err());
    }

    #[test]
    fn a_date_that_is_none_is_refused() {
        for wrong in ["19801317", "1980021", "198002１", "        ", "00000000"] {
            assert_eq!(date(wrong.as_bytes()).unwrap_err(), FileError::BirthDate, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_file_makes_the_parsers_panic(place in 0_usize..80, byte in any::<u8>(), length in 0_usize..120) {
            let mut file = sample();
            if let Some(changed) = file.get_mut(place) {
                *changed = byte;
            }
            file.truncate(length);
            // A file cut off anywhere says nothing.
            prop_assert!(length >= sample().len() || attributes(&file).is_err());
            prop_assert!(number(&file).is_err());
        }
    }
}
