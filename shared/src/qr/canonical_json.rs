//! The canonical form of JSON that is signed (RFC 8785), for texts, whole numbers, lists and objects.
//!
//! **Invariant**: fractions are refused. No code holds one, and their one correct spelling (RFC 8785
//! §3.2.2.3) is a rule of its own.

use serde_json::Value;

/// The largest whole number that every reader takes exactly: 2^53 − 1 (RFC 7493 §2.2).
pub const MAXIMUM_INTEGER: u64 = (1 << 53) - 1;

/// A number that has no place in a canonical text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a number is not whole or too large")]
pub struct NumberOutOfRange;

/// Writes a value in its canonical form.
pub fn write(value: &Value) -> Result<String, NumberOutOfRange> {
    let mut text = String::new();
    write_value(value, &mut text)?;
    Ok(text)
}

fn write_value(value: &Value, text: &mut String) -> Result<(), NumberOutOfRange> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => write_number(number, text)?,
        Value::String(string) => write_string(string, text),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_value(item, text)?;
            }
            text.push(']');
        }
        Value::Object(members) => {
            // RFC 8785 §3.2.3: sorted by UTF-16 code units, whatever order the map keeps.
            let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            text.push('{');
            for (index, (name, member)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_string(name, text);
                text.push(':');
                write_value(member, text)?;
            }
            text.push('}');
        }
    }
    Ok(())
}

fn write_number(number: &serde_json::Number, text: &mut String) -> Result<(), NumberOutOfRange> {
    let magnitude = match (number.as_u64(), number.as_i64()) {
        (Some(magnitude), _) => magnitude,
        (None, Some(negative)) => negative.unsigned_abs(),
        (None, None) => return Err(NumberOutOfRange),
    };
    if magnitude > MAXIMUM_INTEGER {
        return Err(NumberOutOfRange);
    }
    text.push_str(&number.to_string());
    Ok(())
}

/// RFC 8785 §3.2.2.2: the short escapes where JSON has one, `\u00xx` in small letters for the other
/// controls, everything else as it is.
fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for character in string.chars() {
        match character {
            '\u{8}' => text.push_str("\\b"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\u{c}' => text.push_str("\\f"),
            '\r' => text.push_str("\\r"),
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            control @ '\0'..='\u{1f}' => {
                const HEX: [char; 16] =
                    ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
                let code = control as usize;
                text.push_str(if code < 16 { "\\u000" } else { "\\u001" });
                text.extend(HEX.get(code % 16));
            }
            other => text.push(other),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn canonical(text: &str) -> String {
        write(&serde_json::from_str(text).unwrap()).unwrap()
    }

    #[test]
    fn strings_and_literals_are_written_as_in_the_rfc() {
        // RFC 8785 §3.2.2, without its fractions.
        let text = r#"{"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"#;
        assert_eq!(canonical(text), "{\"literals\":[null,true,false],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    }

    #[test]
    fn members_are_sorted_as_in_the_rfc() {
        // RFC 8785 §3.2.3: an emoji, a surrogate pair, stands before the last letter of the first plane.
        let text = r#"{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
            "\u00f6": "Latin Small Letter O With Diaeresis"}"#;
        let written = canonical(text);
        let order: Vec<usize> = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"]
            .iter()
            .map(|word| written.find(word).unwrap())
            .collect();
        assert!(order.is_sorted(), "{written}");
        assert!(written.starts_with("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":"));
    }

    #[test]
    fn the_short_escapes_are_used_where_json_has_them() {
        assert_eq!(canonical(r#""\u0008\u0009\u000A\u000C\u000D\u001F\u007f""#), "\"\\b\\t\\n\\f\\r\\u001f\u{7f}\"");
    }

    #[test]
    fn only_whole_numbers_that_every_reader_takes_exactly_are_written() {
        assert_eq!(canonical("[ -9007199254740991, 0, 9007199254740991 ]"), "[-9007199254740991,0,9007199254740991]");
        for outside in ["1.5", "1e3", "9007199254740992", "-9007199254740992", "1e400000"] {
            if let Ok(value) = serde_json::from_str::<Value>(outside) {
                assert_eq!(write(&value), Err(NumberOutOfRange), "{outside}");
            }
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_canonical_text_says_the_same_and_is_its_own_canonical_text(value in values()) {
            let text = write(&value).unwrap();
            let read: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&read, &value);
            prop_assert_eq!(write(&read).unwrap(), text);
        }
    }
}
