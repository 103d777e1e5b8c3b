//! The response APDU: data and the status word.

use std::fmt;

use zeroize::Zeroizing;

use super::status_word::StatusWord;

/// The most data one answer may carry.
pub const MAXIMUM_ANSWER_BYTES: usize = 64 * 1024;

/// An answer: wiped when dropped, printed without its data.
pub struct Response {
    data: Zeroizing<Vec<u8>>,
    status: StatusWord,
}

/// Why an answer is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResponseError {
    /// Fewer bytes than a status word has.
    #[error("the answer has no status word")]
    TooShort,
    /// More than [`MAXIMUM_ANSWER_BYTES`].
    #[error("the answer is longer than allowed")]
    TooLong,
}

impl Response {
    /// Splits the answer into data and status word.
    pub fn parse(answer: Vec<u8>) -> Result<Self, ResponseError> {
        let mut data = Zeroizing::new(answer);
        let Some((_, &[first, second])) = data.split_last_chunk() else {
            return Err(ResponseError::TooShort);
        };
        let length = data.len() - 2;
        if length > MAXIMUM_ANSWER_BYTES {
            return Err(ResponseError::TooLong);
        }
        data.truncate(length);
        Ok(Self { data, status: StatusWord::from_bytes(first, second) })
    }

    /// What the card says of the command.
    pub const fn status(&self) -> StatusWord {
        self.status
    }

    /// The data.
    pub fn data(&self) -> &[u8] {
        &self.data
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({} bytes hidden, {})", self.data.len(), self.status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_data_and_two_status_bytes() {
        let response = Response::parse(vec![1, 2, 0x90, 0x00]).unwrap();
        assert_eq!((response.data(), response.status()), ([1, 2].as_slice(), StatusWord::Success));
        assert_eq!(Response::parse(vec![0x90]).unwrap_err(), ResponseError::TooShort);
        assert_eq!(Response::parse(vec![0; MAXIMUM_ANSWER_BYTES + 3]).unwrap_err(), ResponseError::TooLong);
    }
}
