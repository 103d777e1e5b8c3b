//! IPP messages (RFC 8010 §3): requests as this terminal writes them, replies as any printer may write them.
//!
//! Written here rather than taken from a crate because a reply comes from the network: the known crate
//! indexes by lengths that the reply names, and ends the thread where they lie. This reader refuses instead.

/// A reply that breaks off or is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an IPP message")]
pub(super) struct Unreadable;

/// RFC 8010 §3.5.1: what a group of attributes is about, and the end of them.
mod group {
    pub(super) const OPERATION: u8 = 0x01;
    pub(super) const JOB: u8 = 0x02;
    pub(super) const END: u8 = 0x03;
    pub(super) const PRINTER: u8 = 0x04;
    /// Tags up to here are groups, above are values.
    pub(super) const LAST: u8 = 0x0F;
}

/// RFC 8010 §3.5.2: what kind of value follows.
mod value {
    pub(super) const NO_VALUE: u8 = 0x13;
    pub(super) const INTEGER: u8 = 0x21;
    pub(super) const BOOLEAN: u8 = 0x22;
    pub(super) const ENUM: u8 = 0x23;
    pub(super) const RANGE: u8 = 0x33;
    pub(super) const BEGIN_COLLECTION: u8 = 0x34;
    pub(super) const END_COLLECTION: u8 = 0x37;
    pub(super) const TEXT: u8 = 0x41;
    pub(super) const NAME: u8 = 0x42;
    pub(super) const KEYWORD: u8 = 0x44;
    pub(super) const URI: u8 = 0x45;
    pub(super) const CHARSET: u8 = 0x47;
    pub(super) const LANGUAGE: u8 = 0x48;
    pub(super) const MEDIA_TYPE: u8 = 0x49;
}

/// IPP 1.1, which every printer speaks.
const VERSION: [u8; 2] = [1, 1];

/// A request; its operation attributes first, then what it says of the job.
pub(super) struct Request {
    bytes: Vec<u8>,
    job: Vec<u8>,
}

impl Request {
    /// A request to a printer.
    pub(super) fn new(operation: u16, uri: &str) -> Self {
        let mut bytes = VERSION.to_vec();
        bytes.extend(operation.to_be_bytes());
        // The request's number: each travels alone on its own connection.
        bytes.extend(1_u32.to_be_bytes());
        bytes.push(group::OPERATION);
        // These three come first, in this order (RFC 8011 §4.1.4, §4.1.5).
        write(&mut bytes, value::CHARSET, "attributes-charset", b"utf-8");
        write(&mut bytes, value::LANGUAGE, "attributes-natural-language", b"en");
        write(&mut bytes, value::URI, "printer-uri", uri.as_bytes());
        Self { bytes, job: Vec::new() }
    }

    pub(super) fn integer(mut self, name: &str, number: i32) -> Self {
        write(&mut self.bytes, value::INTEGER, name, &number.to_be_bytes());
        self
    }

    pub(super) fn name(mut self, name: &str, text: &str) -> Self {
        write(&mut self.bytes, value::NAME, name, text.as_bytes());
        self
    }

    pub(super) fn media_type(mut self, name: &str, text: &str) -> Self {
        write(&mut self.bytes, value::MEDIA_TYPE, name, text.as_bytes());
        self
    }

    pub(super) fn boolean_true(mut self, name: &str) -> Self {
        write(&mut self.bytes, value::BOOLEAN, name, &[1]);
        self
    }

    /// Several keywords under one name.
    pub(super) fn keywords(mut self, name: &str, words: &[&str]) -> Self {
        for (place, word) in words.iter().enumerate() {
            write(&mut self.bytes, value::KEYWORD, if place == 0 { name } else { "" }, word.as_bytes());
        }
        self
    }

    pub(super) fn job_integer(mut self, name: &str, number: i32) -> Self {
        write(&mut self.job, value::INTEGER, name, &number.to_be_bytes());
        self
    }

    pub(super) fn job_keyword(mut self, name: &str, word: &str) -> Self {
        write(&mut self.job, value::KEYWORD, name, word.as_bytes());
        self
    }

    /// The message; a document may follow it.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        let Self { mut bytes, job } = self;
        if !job.is_empty() {
            bytes.push(group::JOB);
            bytes.extend(job);
        }
        bytes.push(group::END);
        bytes
    }
}

/// Names and values of this terminal are short; a longer one is cut where its length no longer fits.
fn write(bytes: &mut Vec<u8>, tag: u8, name: &str, content: &[u8]) {
    bytes.push(tag);
    for part in [name.as_bytes(), content] {
        let length = u16::try_from(part.len()).unwrap_or(u16::MAX);
        bytes.extend(length.to_be_bytes());
        bytes.extend(part.iter().take(usize::from(length)));
    }
}

/// A reply.
#[derive(Debug)]
pub(super) struct Reply {
    status: u16,
    groups: Vec<Group>,
}

/// The attributes about one job, or about the printer.
#[derive(Debug)]
pub(super) struct Group {
    tag: u8,
    attributes: Vec<Attribute>,
}

/// One value; several of one name follow each other.
#[derive(Debug)]
struct Attribute {
    tag: u8,
    name: String,
    content: Vec<u8>,
}

/// The most attributes of a reply: a printer's whole description has some hundreds.
const MAXIMUM_ATTRIBUTES: usize = 20_000;

impl Reply {
    /// Reads a reply.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        let mut input = Input { rest: bytes };
        let _version = input.number()?;
        let status = input.number()?;
        let _request = (input.number()?, input.number()?);
        let mut reply = Self { status, groups: Vec::new() };
        let mut count = 0;
        let mut depth = 0_u32;
        loop {
            let tag = input.byte()?;
            if tag == group::END {
                return Ok(reply);
            }
            if tag <= group::LAST {
                reply.groups.push(Group { tag, attributes: Vec::new() });
                continue;
            }
            count += 1;
            let current = reply.groups.last_mut().filter(|_| count <= MAXIMUM_ATTRIBUTES).ok_or(Unreadable)?;
            let name = String::from_utf8_lossy(input.part()?).into_owned();
            let content = input.part()?.to_vec();
            // What stands inside a collection is about nothing that is asked here.
            match tag {
                value::BEGIN_COLLECTION => depth += 1,
                value::END_COLLECTION => depth = depth.saturating_sub(1),
                _ if depth > 0 => {}
                _ => current.add(tag, name, content),
            }
        }
    }

    /// The status (RFC 8011 §4.1.6.1).
    pub(super) const fn status(&self) -> u16 {
        self.status
    }

    /// Whether the request was carried out.
    pub(super) const fn is_successful(&self) -> bool {
        self.status < 0x0100
    }

    /// The jobs it tells of.
    pub(super) fn jobs(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(|group| group.tag == group::JOB)
    }

    /// What it tells of the printer.
    pub(super) fn printer(&self) -> Option<&Group> {
        self.groups.iter().find(|group| group.tag == group::PRINTER)
    }
}

impl Group {
    /// A value without a name belongs to the name before.
    fn add(&mut self, tag: u8, name: String, content: Vec<u8>) {
        let name = match self.attributes.last() {
            Some(last) if name.is_empty() => last.name.clone(),
            Some(_) | None => name,
        };
        self.attributes.push(Attribute { tag, name, content });
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter(move |attribute| attribute.name == name)
    }

    /// A number, by itself or as an enumeration.
    pub(super) fn integer(&self, name: &str) -> Option<i32> {
        let attribute = self.values(name).find(|value| matches!(value.tag, value::INTEGER | value::ENUM))?;
        Some(i32::from_be_bytes(attribute.content.as_slice().try_into().ok()?))
    }

    /// The upper end of a range, or a number.
    pub(super) fn upper(&self, name: &str) -> Option<i32> {
        let range = self.values(name).find(|value| value.tag == value::RANGE);
        match range.and_then(|range| range.content.get(4..8)) {
            Some(upper) => Some(i32::from_be_bytes(upper.try_into().ok()?)),
            None => self.integer(name),
        }
    }

    /// Whether a boolean is there and true.
    pub(super) fn is_true(&self, name: &str) -> bool {
        self.values(name).any(|value| value.tag == value::BOOLEAN && value.content == [1])
    }

    /// Whether an attribute is there and says that it has no value.
    pub(super) fn is_without_value(&self, name: &str) -> bool {
        self.values(name).any(|value| value.tag == value::NO_VALUE)
    }

    /// A text, name, keyword or address.
    pub(super) fn word(&self, name: &str) -> Option<String> {
        self.words(name).into_iter().next()
    }

    /// All of them.
    pub(super) fn words(&self, name: &str) -> Vec<String> {
        self.values(name)
            .filter(|value| (value::TEXT..=value::MEDIA_TYPE).contains(&value.tag))
            .map(|value| String::from_utf8_lossy(&value.content).into_owned())
            .collect()
    }
}

struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], Unreadable> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Unreadable)?;
        self.rest = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, Unreadable> {
        self.take(1)?.first().copied().ok_or(Unreadable)
    }

    fn number(&mut self) -> Result<u16, Unreadable> {
        Ok(u16::from_be_bytes(self.take(2)?.try_into().map_err(|_length| Unreadable)?))
    }

    fn part(&mut self) -> Result<&'a [u8], Unreadable> {
        let length = self.number()?;
        self.take(usize::from(length))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A reply of which every kind of value is asked.
    fn reply() -> Vec<u8> {
        let mut bytes = vec![2, 0, 0, 0, 0, 0, 0, 1, group::OPERATION];
        write(&mut bytes, value::CHARSET, "attributes-charset", b"utf-8");
        bytes.push(group::JOB);
        write(&mut bytes, value::INTEGER, "job-id", &7_i32.to_be_bytes());
        write(&mut bytes, value::ENUM, "job-state", &5_i32.to_be_bytes());
        write(&mut bytes, value::KEYWORD, "job-state-reasons", b"job-printing");
        write(&mut bytes, value::KEYWORD, "", b"printer-stopped");
        write(&mut bytes, value::NO_VALUE, "time-at-processing", b"");
        bytes.push(group::JOB);
        write(&mut bytes, value::INTEGER, "job-id", &8_i32.to_be_bytes());
        bytes.push(group::PRINTER);
        write(&mut bytes, value::BEGIN_COLLECTION, "media-col-ready", b"");
        write(&mut bytes, 0x4A, "", b"copies-supported");
        write(&mut bytes, value::INTEGER, "", &1_i32.to_be_bytes());
        write(&mut bytes, value::END_COLLECTION, "", b"");
        write(&mut bytes, value::RANGE, "copies-supported", &[0, 0, 0, 1, 0, 0, 0, 99]);
        write(&mut bytes, value::BOOLEAN, "printer-is-accepting-jobs", &[1]);
        bytes.push(group::END);
        bytes
    }

    #[test]
    fn a_reply_tells_of_jobs_and_printer() {
        let reply = Reply::read(&reply()).unwrap();
        assert!(reply.is_successful());
        let job = reply.jobs().next().unwrap();
        assert_eq!((job.integer("job-id"), job.integer("job-state")), (Some(7), Some(5)));
        assert_eq!(job.words("job-state-reasons"), ["job-printing", "printer-stopped"]);
        assert!(job.is_without_value("time-at-processing"));
        assert_eq!(reply.jobs().nth(1).unwrap().integer("job-id"), Some(8));
        let printer = reply.printer().unwrap();
        assert_eq!(printer.upper("copies-supported"), Some(99));
        assert!(printer.is_true("printer-is-accepting-jobs"));
        assert!(!job.is_true("printer-is-accepting-jobs"));
    }

    #[test]
    fn a_reply_that_breaks_off_anywhere_is_refused() {
        let whole = reply();
        for length in 0..whole.len() {
            assert_eq!(Reply::read(&whole[..length]).err(), Some(Unreadable), "{length}");
        }
    }

    #[test]
    fn a_request_begins_as_every_printer_expects() {
        let bytes = Request::new(0x000B, "ipp://a/b").keywords("requested-attributes", &["x", "y"]).into_bytes();
        assert!(bytes.starts_with(b"\x01\x01\x00\x0b\x00\x00\x00\x01\x01\x47\x00\x12attributes-charset\x00\x05utf-8"));
        assert!(bytes.ends_with(b"\x44\x00\x14requested-attributes\x00\x01x\x44\x00\x00\x00\x01y\x03"));
        let job = Request::new(2, "ipp://a/b").job_keyword("sides", "one").into_bytes();
        assert!(job.ends_with(b"\x02\x44\x00\x05sides\x00\x03one\x03"));
    }

    proptest! {
        #[test]
        fn no_bytes_end_the_program(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            drop(Reply::read(&bytes));
        }

        #[test]
        fn no_changed_byte_ends_the_program(place in 0_usize..400, byte in any::<u8>()) {
            let mut bytes = reply();
            let place = place % bytes.len();
            bytes[place] = byte;
            if let Ok(reply) = Reply::read(&bytes) {
                for group in reply.jobs().chain(reply.printer()) {
                    let _asked = (group.integer("job-id"), group.upper("copies-supported"), group.words("x"));
                }
            }
        }
    }
}
