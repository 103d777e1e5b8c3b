//! Bytes to the card, bytes back.

/// A connected card.
pub trait Transport {
    /// What can go wrong below the card's own answers.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Sends one command APDU and gives the whole answer: data and the two status bytes.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Self::Error>;
}

impl<T: Transport> Transport for &mut T {
    type Error = T::Error;

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Self::Error> {
        (**self).transmit(command)
    }
}
