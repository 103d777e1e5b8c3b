//! The command APDU, short form (ISO/IEC 7816-4 §5.1).

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::pin::Pin;

/// `DigestInfo` of a SHA-256 digest up to the digest itself (RFC 8017 §9.2, note 1).
pub(super) const SHA_256_DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

/// A command: wiped when dropped, printed without its data.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Command {
    #[zeroize(skip)]
    name: &'static str,
    bytes: Vec<u8>,
}

/// Which key a signature command uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyReference {
    /// The application's own key, without PIN (P2 = 00).
    Default,
    /// The key file selected before (P2 = 80).
    Current,
}

impl Command {
    fn new(name: &'static str, header: [u8; 4]) -> Self {
        Self { name, bytes: header.to_vec() }
    }

    /// Adds the data field; its length is checked when the program is compiled.
    fn with_data<const N: usize>(mut self, data: &[u8; N]) -> Self {
        const { assert!(N > 0 && N <= 255, "a short data field holds 1 to 255 bytes") };
        // One allocation, so that growing leaves no copy of the data behind.
        let mut bytes = Vec::with_capacity(self.bytes.len() + N + 2);
        bytes.extend_from_slice(&self.bytes);
        bytes.push(N as u8);
        bytes.extend_from_slice(data);
        self.bytes = bytes;
        self
    }

    /// Adds Le; 0 means as many as there are, up to 256.
    fn expecting(mut self, length: u8) -> Self {
        self.bytes.push(length);
        self
    }

    /// SELECT an application by its name, without asking for its template.
    pub(super) fn select_application(name: &[u8; 10]) -> Self {
        Self::new("SELECT application", [0x00, 0xA4, 0x04, 0x0C]).with_data(name)
    }

    /// SELECT a file of the current application.
    pub(super) fn select_file(id: [u8; 2]) -> Self {
        Self::new("SELECT file", [0x00, 0xA4, 0x02, 0x0C]).with_data(&id)
    }

    /// READ BINARY from a 15-bit offset.
    pub(super) fn read_binary(offset: u16, length: u8) -> Self {
        let [high, low] = offset.to_be_bytes();
        Self::new("READ BINARY", [0x00, 0xB0, high & 0x7F, low]).expecting(length)
    }

    /// VERIFY without data: asks for the tries left and spends none.
    pub(super) fn tries() -> Self {
        Self::new("VERIFY without data", [0x00, 0x20, 0x00, 0x80])
    }

    /// VERIFY with the digits. Taken by value: a typed PIN is sent once.
    pub(super) fn verify(pin: Pin) -> Self {
        let command = Self::new("VERIFY", [0x00, 0x20, 0x00, 0x80]).with_data(pin.expose());
        drop(pin);
        command
    }

    /// The signature command over a SHA-256 digest in its `DigestInfo`.
    pub(super) fn sign(key: KeyReference, digest: &[u8; 32]) -> Self {
        let reference = match key {
            KeyReference::Default => 0x00,
            KeyReference::Current => 0x80,
        };
        let mut info = [0; 51];
        for (place, byte) in info.iter_mut().zip(SHA_256_DIGEST_INFO.iter().chain(digest)) {
            *place = *byte;
        }
        Self::new("COMPUTE DIGITAL SIGNATURE", [0x80, 0x2A, 0x00, reference]).with_data(&info).expecting(0)
    }

    /// GET RESPONSE after `61xx`.
    pub(super) fn get_response(length: u8) -> Self {
        Self::new("GET RESPONSE", [0x00, 0xC0, 0x00, 0x00]).expecting(length)
    }

    /// The same READ BINARY with another Le, after `6Cxx`. `None` for commands that must not be repeated.
    pub(super) fn repeated_with(&self, length: u8) -> Option<Self> {
        match self.bytes.as_slice() {
            [0x00, 0xB0, high, low, _] => Some(Self::read_binary(u16::from_be_bytes([*high, *low]), length)),
            _ => None,
        }
    }

    /// The command's name in the standard.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The bytes for the card.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Command({}, {} bytes hidden)", self.name, self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_printed_without_its_data() {
        let command = Command::verify(Pin::parse("9876").unwrap());
        assert_eq!(command.as_bytes(), b"\x00\x20\x00\x80\x049876");
        assert_eq!(format!("{command:?}"), "Command(VERIFY, 9 bytes hidden)");
    }

    #[test]
    fn a_signature_command_carries_digest_info_and_le() {
        let command = Command::sign(KeyReference::Current, &[0xAB; 32]);
        assert_eq!(command.as_bytes().len(), 5 + 51 + 1);
        assert_eq!(&command.as_bytes()[..7], [0x80, 0x2A, 0x00, 0x80, 0x33, 0x30, 0x31]);
        assert!(command.as_bytes().ends_with(&[0xAB, 0xAB, 0x00]));
    }

    #[test]
    fn only_a_read_is_repeated_with_another_length() {
        let read = Command::read_binary(0x0123, 0).repeated_with(0x40).unwrap();
        assert_eq!(read.as_bytes(), [0x00, 0xB0, 0x01, 0x23, 0x40]);
        assert!(Command::verify(Pin::parse("1234").unwrap()).repeated_with(4).is_none());
        assert!(Command::sign(KeyReference::Default, &[0; 32]).repeated_with(4).is_none());
    }
}
