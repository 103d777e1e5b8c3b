//! How records that a municipality brings in join what is known: its own doses only, and nobody else's person.

use shared::domain::identifiers::MunicipalityCode;
use shared::records::PersonRecord;

/// The record once `incoming` is taken; the error is the rule that it breaks.
///
/// Restrictions, passports, moves and the certificate stay as they are: they have their own ways in.
pub fn merge(
    known: Option<PersonRecord>,
    incoming: PersonRecord,
    municipality: &MunicipalityCode,
) -> Result<PersonRecord, &'static str> {
    if incoming.doses.iter().any(|dose| dose.municipality != *municipality)
        || incoming.coupons.iter().any(|coupon| coupon.municipality != *municipality)
    {
        return Err("a dose of another municipality cannot be registered here");
    }
    let Some(mut record) = known else {
        return if incoming.residence == *municipality {
            Ok(PersonRecord { restrictions: Vec::new(), passport_issues: Vec::new(), moves: Vec::new(), ..incoming })
        } else {
            Err("a new person must live in the municipality")
        };
    };
    if record.attributes.birth_date != incoming.attributes.birth_date {
        return Err("the birth date differs from the record of this number");
    }
    if record.residence == *municipality {
        record.attributes = incoming.attributes;
        record.address_number = incoming.address_number.or(record.address_number);
    } else if !record.doses.iter().any(|dose| dose.municipality == *municipality) {
        return Err("the person lives elsewhere: take the person over first");
    }
    for dose in incoming.doses {
        match record.doses.iter_mut().find(|known| known.number == dose.number) {
            Some(known) if known.municipality != *municipality => {
                return Err("this dose is recorded by another municipality");
            }
            // What was registered first stays the time of registration, unless something else changed too.
            Some(known) => {
                let registered_at = known.registered_at;
                let mut same = dose;
                let now = same.registered_at;
                same.registered_at = registered_at;
                if *known != same {
                    same.registered_at = now;
                    *known = same;
                }
            }
            None => record.doses.push(dose),
        }
    }
    for coupon in incoming.coupons {
        if !record.coupons.contains(&coupon) {
            record.coupons.push(coupon);
        }
    }
    record.doses.sort_by_key(|dose| dose.number);
    Ok(record)
}

/// A text of one line that shows everything it holds: no control, zero-width or direction characters, and no longer
/// than `most`. Variation selectors stay: they belong to names.
pub fn visible_text(text: &str, most: usize) -> Option<String> {
    let text = text.trim_matches([' ', '\u{3000}']);
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
                | '\u{061C}' | '\u{180E}' | '\u{FFF9}'..='\u{FFFB}')
    };
    (text.chars().count() <= most && !text.chars().any(hidden)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::visible_text;

    #[test]
    fn a_text_hides_nothing() {
        assert_eq!(visible_text("　辻\u{E0100}　太郎 ", 10).as_deref(), Some("辻\u{E0100}　太郎"));
        for hidden in ["a\u{202E}b", "a\u{200B}b", "a\nb", "a\u{0}b", "a\u{FEFF}b", "a\u{2066}b", "a\u{200D}b"] {
            assert_eq!(visible_text(hidden, 10), None, "{hidden:?}");
        }
        assert_eq!(visible_text("12345678901", 10), None);
    }
}
