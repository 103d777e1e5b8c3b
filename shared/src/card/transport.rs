//! Bytes to the card, bytes back: only bytes that the guard has cleared.

/// One command that the [guard](super::guard::Guard) has looked at. Nothing else makes one, and it cannot be
/// copied: what was cleared once is sent once.
pub struct Cleared<'c>(&'c [u8]);

impl<'c> Cleared<'c> {
    /// Only the guard says this.
    pub(super) const fn by_the_guard(bytes: &'c [u8]) -> Self {
        Self(bytes)
    }

    /// The bytes for the card. They may hold a PIN.
    pub const fn as_bytes(&self) -> &'c [u8] {
        self.0
    }
}

impl std::fmt::Debug for Cleared<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cleared({} bytes hidden)", self.0.len())
    }
}

/// A connected card.
///
/// **Invariant**: whoever holds one can send it nothing by hand; see [`Cleared`].
pub trait Transport {
    /// What can go wrong below the card's own answers.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Sends one command APDU and gives the whole answer: data and the two status bytes.
    fn transmit(&mut self, command: Cleared<'_>) -> Result<Vec<u8>, Self::Error>;
}

impl<T: Transport> Transport for &mut T {
    type Error = T::Error;

    fn transmit(&mut self, command: Cleared<'_>) -> Result<Vec<u8>, Self::Error> {
        (**self).transmit(command)
    }
}
