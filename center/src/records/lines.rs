//! A record file in chunks of whole lines, each with the position and digest that the file has behind it.

use std::io::{self, Read};

use ring::digest::{Context, SHA256};
use shared::proof::Digest;

use crate::store::loading::Position;

/// Bytes that one thread prepares at a time.
pub(super) const CHUNK: usize = 512 * 1024;

/// The longest line.
const MAXIMUM_LINE: usize = 256 * 1024;

/// Reads a file from a position.
pub(super) struct Lines<R> {
    reader: R,
    digest: Context,
    position: Position,
    /// The beginning of a line whose end is not read yet.
    rest: Vec<u8>,
}

/// What was read before, and its digest to go on with.
pub(super) type Begun = (Position, Context);

/// Whole lines.
pub(super) struct Chunk {
    bytes: Vec<u8>,
    /// The number of the first line.
    first: u64,
    /// The position behind the last.
    pub(super) end: Position,
}

/// Why a file is not read to its end.
#[derive(Debug)]
pub(super) enum Fault {
    /// It cannot be read.
    Read(io::Error),
    /// This line is too long.
    TooLong(u64),
}

impl<R: Read> Lines<R> {
    /// A reader that stands behind what was read before.
    pub(super) fn new(reader: R, begun: Option<Begun>) -> Self {
        let (position, digest) = begun.unwrap_or_else(|| {
            let digest = Context::new(&SHA256);
            (Position { bytes: 0, line: 0, records: 0, digest: finish(&digest) }, digest)
        });
        Self { reader, digest, position, rest: Vec::new() }
    }

    /// Where the last chunk ended.
    pub(super) const fn position(&self) -> Position {
        self.position
    }

    /// The next whole lines; `None` behind the last.
    pub(super) fn next_chunk(&mut self) -> Result<Option<Chunk>, Fault> {
        let mut bytes = Vec::with_capacity(CHUNK + MAXIMUM_LINE);
        bytes.append(&mut self.rest);
        let wanted = CHUNK.saturating_sub(bytes.len()) as u64;
        let read = (&mut self.reader).take(wanted).read_to_end(&mut bytes).map_err(Fault::Read)?;
        // Less than was wanted: that is the end of the file, and of the last line.
        if read as u64 == wanted {
            let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
            self.rest = bytes.split_off(whole);
        }
        if bytes.is_empty() && self.rest.is_empty() {
            return Ok(None);
        }
        let first = self.position.line + 1;
        self.digest.update(&bytes);
        self.position.bytes += bytes.len() as u64;
        self.position.digest = finish(&self.digest);
        for line in split(&bytes) {
            self.position.line += 1;
            if line.len() > MAXIMUM_LINE {
                return Err(Fault::TooLong(self.position.line));
            }
            self.position.records += u64::from(!line.trim_ascii().is_empty());
        }
        if self.rest.len() > MAXIMUM_LINE {
            return Err(Fault::TooLong(self.position.line + 1));
        }
        Ok(Some(Chunk { bytes, first, end: self.position }))
    }
}

impl Chunk {
    /// Lines that hold anything, with their numbers.
    pub(super) fn lines(&self) -> impl Iterator<Item = (u64, &[u8])> {
        (self.first..).zip(split(&self.bytes)).filter(|(_, line)| !line.trim_ascii().is_empty())
    }
}

fn split(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|&byte| byte == b'\n')
}

/// The digest of what was read so far.
pub(super) fn finish(digest: &Context) -> Digest {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.clone().finish().as_ref());
    bytes
}

/// Reads so many bytes and digests them; `None` where there are fewer.
pub(super) fn digest_of(reader: &mut impl Read, bytes: u64) -> io::Result<Option<Context>> {
    let mut digest = Context::new(&SHA256);
    let mut buffer = vec![0; 1 << 16];
    let mut left = bytes;
    while left > 0 {
        let wanted = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let Some(part) = buffer.get_mut(..wanted) else { break };
        let read = reader.read(part)?;
        if read == 0 {
            return Ok(None);
        }
        digest.update(part.get(..read).unwrap_or_default());
        left -= read as u64;
    }
    Ok(Some(digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &[u8]) -> Result<Vec<(u64, Vec<u8>)>, Fault> {
        let mut lines = Lines::new(text, None);
        let mut found = Vec::new();
        while let Some(chunk) = lines.next_chunk()? {
            found.extend(chunk.lines().map(|(number, line)| (number, line.to_vec())));
        }
        Ok(found)
    }

    #[test]
    fn every_line_is_given_once_with_its_number_wherever_chunks_end() {
        let text: Vec<u8> = (1..=40_000_u32).flat_map(|number| format!("{number:0>99}\n").into_bytes()).collect();
        let found = all(&text).unwrap();
        assert_eq!(found.len(), 40_000);
        for (number, line) in found {
            assert_eq!(line, format!("{number:0>99}\n").into_bytes());
        }
        let found = all(b"one\n\n  \nlast").unwrap();
        assert_eq!(found, [(1, b"one\n".to_vec()), (4, b"last".to_vec())]);
    }

    #[test]
    fn a_line_without_end_is_refused_by_its_number() {
        let endless = b"one\ntwo\n".as_slice().chain(io::repeat(b'x'));
        let mut lines = Lines::new(endless, None);
        // Two chunks tell it; whoever would read on for ever is stopped after some more.
        let fault = (0..8).find_map(|_| lines.next_chunk().err());
        assert!(matches!(fault, Some(Fault::TooLong(3))), "{fault:?}");
    }

    #[test]
    fn a_line_may_be_as_long_as_it_says_and_no_longer() {
        let of_length = |length: usize| [b"one\n", vec![b'x'; length - 1].as_slice(), b"\ntwo\n"].concat();
        assert_eq!(all(&of_length(MAXIMUM_LINE)).unwrap().len(), 3);
        assert!(matches!(all(&of_length(MAXIMUM_LINE + 1)), Err(Fault::TooLong(2))));
        let without_end = |length: usize| vec![b'x'; length];
        assert_eq!(all(&without_end(MAXIMUM_LINE)).unwrap().len(), 1);
        assert!(matches!(all(&without_end(MAXIMUM_LINE + 1)), Err(Fault::TooLong(1))));
    }

    #[test]
    fn going_on_gives_the_digest_of_the_whole_file() {
        let text: Vec<u8> = (0..60_000_u32).flat_map(|number| format!("{number:0>50}\n").into_bytes()).collect();
        let mut whole = Lines::new(&*text, None);
        let first = whole.next_chunk().unwrap().unwrap().end;
        while whole.next_chunk().unwrap().is_some() {}
        let mut reader = &*text;
        let digest = digest_of(&mut reader, first.bytes).unwrap().unwrap();
        assert_eq!(finish(&digest), first.digest);
        let mut rest = Lines::new(reader, Some((first, digest)));
        while rest.next_chunk().unwrap().is_some() {}
        assert_eq!(rest.position(), whole.position());
        assert!(digest_of(&mut &text[..10], 11).unwrap().is_none());
    }
}
