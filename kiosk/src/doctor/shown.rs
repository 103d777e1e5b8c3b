//! Names that come from a device, as they may be shown: nothing in them moves a cursor or turns text around.

/// The longest text, in characters, after escaping.
const MAXIMUM_CHARACTERS: usize = 128;

/// Control, direction and foreign characters are escaped, length is bounded.
pub(super) fn shown(name: &str) -> String {
    let mut text = String::new();
    let mut length = 0;
    for c in name.chars() {
        let piece = if is_plain(c) { c.to_string() } else { c.escape_unicode().to_string() };
        length += piece.chars().count();
        if length >= MAXIMUM_CHARACTERS {
            text.push('…');
            break;
        }
        text.push_str(&piece);
    }
    text
}

/// Reader names are ASCII; Japanese ones are let through. Every other script could change the direction.
const fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FC}' | '\u{4E00}'..='\u{9FFF}')
}

/// The name without what tells one device from another of its kind: what stands in brackets and looks like a
/// serial number.
pub(super) fn without_serial_number(name: &str) -> String {
    let mut text = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('(') {
        let Some((inside, behind)) = after.split_once(')') else { break };
        text.push_str(before);
        let is_serial = inside.len() >= 4 && inside.chars().any(|c| c.is_ascii_digit());
        let shown = if is_serial { "…" } else { inside };
        for part in ["(", shown, ")"] {
            text.push_str(part);
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_hostile_reader_name_is_escaped_and_cut() {
        assert_eq!(shown("Virtual PCD 00 00"), "Virtual PCD 00 00");
        assert_eq!(shown("\u{1b}[2J\u{202e}x\u{7}"), "\\u{1b}[2J\\u{202e}x\\u{7}");
        // A right-to-left letter turns a line around without any mark.
        assert_eq!(shown("\u{5d0}"), "\\u{5d0}");
        assert_eq!(shown("非接触リーダ"), "非接触リーダ");
        let long = shown(&"A".repeat(5000));
        assert!(long.chars().count() <= MAXIMUM_CHARACTERS && long.ends_with('…'), "{long}");
        assert!(shown(&"\u{202e}".repeat(5000)).chars().count() <= MAXIMUM_CHARACTERS);
    }

    #[test]
    fn a_serial_number_is_left_out() {
        assert_eq!(without_serial_number("SONY FeliCa Port (0123456) 00 00"), "SONY FeliCa Port (…) 00 00");
        assert_eq!(without_serial_number("Reader (CL) 00"), "Reader (CL) 00");
        assert_eq!(without_serial_number("Reader (12345"), "Reader (12345");
    }

    proptest! {
        #[test]
        fn whatever_a_reader_is_called_one_short_line_is_shown(name in any::<String>()) {
            let text = shown(&name);
            prop_assert!(text.chars().count() <= MAXIMUM_CHARACTERS);
            let is_harmless = text.chars().all(|c| !c.is_control() && c != '\u{202e}');
            prop_assert!(is_harmless);
        }
    }
}
