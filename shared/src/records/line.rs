//! One line of a record file, read straight into its type where the tag stands first.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};

use super::{AccountRecord, ChainRecord, MunicipalityRecord, PersonRecord, Record, TerminalRecord};

impl Record {
    /// Reads a line.
    ///
    /// An object whose tag may stand anywhere is copied before its type is known. Programs write the tag first, and of
    /// millions of lines the copy would be most of the work.
    pub fn parse(line: &[u8]) -> Result<Self, serde_json::Error> {
        match serde_json::from_slice(line) {
            Ok(TagFirst(record)) => Ok(record),
            Err(_) => serde_json::from_slice(line),
        }
    }
}

/// A record whose tag is its first field.
struct TagFirst(Record);

impl<'de> Deserialize<'de> for TagFirst {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Tag).map(Self)
    }
}

struct Tag;

impl<'de> Visitor<'de> for Tag {
    type Value = Record;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record with its kind first")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
        let Some(("record", kind)) = map.next_entry::<&str, &str>()? else {
            return Err(A::Error::custom("the kind does not stand first"));
        };
        let rest = MapAccessDeserializer::new(map);
        match kind {
            "chain" => ChainRecord::deserialize(rest).map(Record::Chain),
            "terminal" => TerminalRecord::deserialize(rest).map(Record::Terminal),
            "municipality" => MunicipalityRecord::deserialize(rest).map(Record::Municipality),
            "account" => AccountRecord::deserialize(rest).map(Record::Account),
            "person" => PersonRecord::deserialize(rest).map(|person| Record::Person(Box::new(person))),
            _ => Err(A::Error::custom("there is no record of this kind")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: &str = r#""municipality":"131016","kiosk":"agreed""#;

    #[test]
    fn the_kind_may_stand_first_or_last() {
        for line in [format!(r#"{{"record":"municipality",{REST}}}"#), format!(r#"{{{REST},"record":"municipality"}}"#)]
        {
            assert!(matches!(Record::parse(line.as_bytes()), Ok(Record::Municipality(_))), "{line}");
        }
    }

    #[test]
    fn what_no_record_has_is_refused() {
        for line in [
            format!(r#"{{"record":"municipality",{REST},"more":1}}"#),
            format!(r#"{{"record":"town",{REST}}}"#),
            format!(r#"{{"record":"municipality",{REST}}} x"#),
            format!("{{{REST}}}"),
            "[]".to_owned(),
        ] {
            assert!(Record::parse(line.as_bytes()).is_err(), "{line}");
        }
    }
}
