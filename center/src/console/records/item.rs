//! An item of the history in a clerk's words. A passport's number stays masked, as everywhere else on the page.

use shared::domain::identifiers::MunicipalityCode;
use shared::domain::passport::PassportNumber;

use crate::console::page::place_name;

/// What an item is called.
pub(super) fn name(item: &str) -> String {
    match item.split(' ').collect::<Vec<_>>().as_slice() {
        ["dose", number, what] => format!("{number}回目の{}", simple(what)),
        ["passport", "issue", number] => format!("旅券を登録した発行（{number}件目）"),
        ["move", "of", day] => format!("転入（{day}）"),
        ["coupon", _] => "送付した券".to_owned(),
        _ => simple(item).to_owned(),
    }
}

/// A value as the page shows it; empty stays empty.
pub(super) fn value(item: &str, text: &str) -> String {
    if item.starts_with("passport issue ") {
        let (number, rest) = text.split_once(' ').unwrap_or((text, ""));
        // What is no number cannot be masked, and is not shown.
        let number = PassportNumber::parse(number).map(|number| number.masked()).unwrap_or_default();
        return format!("{number} {rest}").trim().to_owned();
    }
    if let Some((from, to)) = text.split_once(" to ").filter(|_| item.starts_with("move of ")) {
        return format!("{}から{}へ", place(from), place(to));
    }
    match (item.rsplit(' ').next(), text) {
        (Some("residence" | "municipality"), code) => place(code),
        (Some("held" | "protected" | "trial"), "yes") => "あり".to_owned(),
        (Some("held" | "protected" | "trial"), "no") => "なし".to_owned(),
        (Some("sex"), "Male") => "男".to_owned(),
        (Some("sex"), "Female") => "女".to_owned(),
        (Some("sex"), "NotApplicable") => "その他・不明".to_owned(),
        _ => text.to_owned(),
    }
}

fn place(code: &str) -> String {
    MunicipalityCode::parse(code).map_or_else(|_| code.to_owned(), |code| place_name(Some(&code)))
}

fn simple(item: &str) -> &str {
    const NAMES: [(&str, &str); 16] = [
        ("name", "氏名"),
        ("address", "住所"),
        ("birth date", "生年月日"),
        ("sex", "性別"),
        ("residence", "住所地"),
        ("address number", "宛名番号"),
        ("held", "確認のための保留"),
        ("protected", "支援措置"),
        ("date", "接種日"),
        ("product", "ワクチン"),
        ("lot", "ロット番号"),
        ("place", "接種会場"),
        ("doctor", "医師"),
        ("municipality", "市区町村"),
        ("coupon", "券番号"),
        ("trial", "治験"),
    ];
    NAMES.iter().find(|(known, _)| *known == item).map_or(item, |(_, words)| words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::console::dose;
    use crate::store::contract::person;
    use crate::vrs::correction::differences;

    #[test]
    fn every_item_has_a_name_and_no_passport_number_is_shown() {
        let before = person("123456789018", 1);
        let mut after = before.clone();
        let number = "TK1234567";
        after.doses.push(dose(1, before.residence.clone()));
        after.doses[0].coupon = Some(shared::records::CouponNumber::parse("0000000001").unwrap());
        after.restrictions = vec![shared::records::Restriction::Held];
        after.residence = MunicipalityCode::parse("141003").unwrap();
        after.moves.push(shared::records::MoveRecord {
            on: jiff::civil::date(2022, 1, 2),
            from: before.residence.clone(),
            to: after.residence.clone(),
        });
        after.passport_issues.push(shared::records::PassportIssueRecord {
            channel: shared::records::IssueChannel::App,
            issued_on: jiff::civil::date(2022, 8, 1),
            passport: shared::domain::passport::Passport {
                kind: shared::domain::passport::TravelDocument::Passport,
                number: PassportNumber::parse(number).unwrap(),
                nationality: "JPN".to_owned(),
                surname: "KENSA".to_owned(),
                given: "HANAKO".to_owned(),
                expires: jiff::civil::date(2030, 1, 1),
            },
            certificate: None,
        });
        let found = differences(&before, &after);
        assert!(found.len() >= 11, "{}", found.len());
        for difference in &found {
            let words = name(&difference.item);
            assert!(!words.is_ascii(), "{words}");
            let shown = value(&difference.item, &difference.after);
            assert!(!shown.contains(number), "{words}");
            if difference.item == "passport issue 1" {
                assert_eq!(shown, "******567 KENSA HANAKO JPN 2030-01-01");
            }
            if difference.item.starts_with("move of ") {
                assert_eq!(shown, "千代田区から横浜市へ");
            }
        }
    }
}
