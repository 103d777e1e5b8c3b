//! Municipalities and prefectures in roman letters: Hepburn from the reading, `-shi`, `-ku` and so on kept apart.
//!
//! Long vowels are written once (passport rules); ん is n, with an apostrophe before a vowel or y.

use shared::domain::municipality::{Municipality, Prefecture};

/// `Chiyoda-ku`, `Fujikawaguchiko-machi`.
pub fn municipality(municipality: &Municipality) -> String {
    let suffixes: &[(&str, &str)] = match municipality.name.chars().next_back() {
        Some('市') => &[("し", "-shi")],
        Some('区') => &[("く", "-ku")],
        Some('町') => &[("ちょう", "-cho"), ("まち", "-machi")],
        Some('村') => &[("そん", "-son"), ("むら", "-mura")],
        _ => &[],
    };
    named(municipality.reading, suffixes)
}

/// `Tokyo`, `Hokkaido`.
pub fn prefecture(prefecture: &Prefecture) -> String {
    let kind = match prefecture.name.chars().next_back() {
        Some('県') => "けん",
        Some('府') => "ふ",
        Some('都') => "と",
        _ => "",
    };
    named(prefecture.reading, &[(kind, "")])
}

fn named(reading: &str, suffixes: &[(&str, &str)]) -> String {
    let found = suffixes.iter().find_map(|(kana, roman)| Some((reading.strip_suffix(kana)?, *roman)));
    let (stem, suffix) = found.unwrap_or((reading, ""));
    let mut name = capitalised(&hepburn(stem));
    name.push_str(suffix);
    name
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// Kana to roman letters.
fn hepburn(kana: &str) -> String {
    let characters: Vec<char> = kana.chars().collect();
    let mut word = String::new();
    let mut doubled = false;
    for (index, &character) in characters.iter().enumerate() {
        let next = characters.get(index + 1).copied();
        let before = index.checked_sub(1).and_then(|before| characters.get(before)).copied();
        let previous = word.chars().next_back();
        match character {
            'っ' => doubled = true,
            'ゃ' | 'ゅ' | 'ょ' => contract(&mut word, character),
            'ん' if next.is_some_and(|c| "あいうえおやゆよ".contains(c)) => word.push_str("n'"),
            'ん' => word.push('n'),
            'う' | 'お' if is_lengthening(character, previous, before, next) => {}
            _ => {
                let syllable = syllable(character);
                let first = syllable.chars().next().filter(|_| std::mem::take(&mut doubled));
                word.extend(first.map(|first| if first == 'c' { 't' } else { first }));
                word.push_str(syllable);
            }
        }
    }
    word
}

/// Whether う or お only lengthens the vowel before it.
fn is_lengthening(kana: char, previous: Option<char>, before: Option<char>, next: Option<char>) -> bool {
    match (kana, previous) {
        ('う', Some('o')) => !is_new_word(before, next),
        ('う', Some('u')) => lengthens(before),
        ('お', Some('o')) => next.is_some(),
        _ => false,
    }
}

/// `takinoue`, `yamanouchi`: a word that begins with う (上, 内) after の.
const fn is_new_word(before: Option<char>, next: Option<char>) -> bool {
    matches!((before, next), (Some('の'), Some('え' | 'ち')))
}

/// `yubari`, `chuo`, `furen`; but `katsuura` is 勝 and 浦.
const fn lengthens(before: Option<char>) -> bool {
    matches!(before, Some('ゅ' | 'ゆ' | 'ふ'))
}

/// Joins a small や, ゆ or よ to the syllable before it: ki + ya = kya, shi + ya = sha.
fn contract(word: &mut String, small: char) {
    word.pop();
    if !(word.ends_with("sh") || word.ends_with("ch") || word.ends_with('j')) {
        word.push('y');
    }
    word.push(match small {
        'ゃ' => 'a',
        'ゅ' => 'u',
        _ => 'o',
    });
}

fn syllable(kana: char) -> &'static str {
    SYLLABLES.iter().find(|(known, _)| *known == kana).map_or("", |(_, roman)| roman)
}

#[rustfmt::skip]
const SYLLABLES: [(char, &str); 69] = [
    ('あ', "a"), ('い', "i"), ('う', "u"), ('え', "e"), ('お', "o"),
    ('か', "ka"), ('き', "ki"), ('く', "ku"), ('け', "ke"), ('こ', "ko"),
    ('が', "ga"), ('ぎ', "gi"), ('ぐ', "gu"), ('げ', "ge"), ('ご', "go"),
    ('さ', "sa"), ('し', "shi"), ('す', "su"), ('せ', "se"), ('そ', "so"),
    ('ざ', "za"), ('じ', "ji"), ('ず', "zu"), ('ぜ', "ze"), ('ぞ', "zo"),
    ('た', "ta"), ('ち', "chi"), ('つ', "tsu"), ('て', "te"), ('と', "to"),
    ('だ', "da"), ('ぢ', "ji"), ('づ', "zu"), ('で', "de"), ('ど', "do"),
    ('な', "na"), ('に', "ni"), ('ぬ', "nu"), ('ね', "ne"), ('の', "no"),
    ('は', "ha"), ('ひ', "hi"), ('ふ', "fu"), ('へ', "he"), ('ほ', "ho"),
    ('ば', "ba"), ('び', "bi"), ('ぶ', "bu"), ('べ', "be"), ('ぼ', "bo"),
    ('ぱ', "pa"), ('ぴ', "pi"), ('ぷ', "pu"), ('ぺ', "pe"), ('ぽ', "po"),
    ('ま', "ma"), ('み', "mi"), ('む', "mu"), ('め', "me"), ('も', "mo"),
    ('や', "ya"), ('ゆ', "yu"), ('よ', "yo"),
    ('ら', "ra"), ('り', "ri"), ('る', "ru"), ('れ', "re"), ('ろ', "ro"),
    ('わ', "wa"),
];

#[cfg(test)]
mod tests {
    use shared::domain::municipality::{all, prefectures};

    use super::*;

    #[test]
    fn municipalities_are_written_as_their_own_signs_write_them() {
        let expected = [
            ("千代田区", "Chiyoda-ku"),
            ("中央区", "Chuo-ku"),
            ("札幌市", "Sapporo-shi"),
            ("夕張市", "Yubari-shi"),
            ("横浜市", "Yokohama-shi"),
            ("大阪市", "Osaka-shi"),
            ("高知市", "Kochi-shi"),
            ("神戸市", "Kobe-shi"),
            ("勝浦市", "Katsuura-shi"),
            ("三浦市", "Miura-shi"),
            ("新温泉町", "Shin'onsen-cho"),
            ("富士河口湖町", "Fujikawaguchiko-machi"),
            ("十日町市", "Tokamachi-shi"),
            ("滝上町", "Takinoue-cho"),
            ("山ノ内町", "Yamanouchi-machi"),
            ("飯能市", "Hanno-shi"),
            ("北谷町", "Chatan-cho"),
            ("大宜味村", "Ogimi-son"),
            ("白川村", "Shirakawa-mura"),
            ("別府市", "Beppu-shi"),
            ("一関市", "Ichinoseki-shi"),
            ("倶知安町", "Kutchan-cho"),
            ("邑楽町", "Ora-machi"),
            ("鯖江市", "Sabae-shi"),
            ("京都市", "Kyoto-shi"),
        ];
        for (name, roman) in expected {
            let found = all().find(|m| m.name == name).unwrap();
            assert_eq!(municipality(found), roman);
        }
    }

    #[test]
    fn every_municipality_has_its_suffix_and_only_letters() {
        for found in all() {
            let roman = municipality(found);
            let (stem, suffix) = roman.split_once('-').unwrap();
            assert!(["shi", "ku", "cho", "machi", "son", "mura"].contains(&suffix), "{roman}");
            assert!(stem.len() >= 2 || stem == "O", "{roman}");
            assert!(stem.chars().all(|c| c.is_ascii_alphabetic() || c == '\''), "{roman}");
        }
    }

    #[test]
    fn prefectures_lose_their_kind_but_for_hokkaido() {
        let names: Vec<String> = prefectures().iter().map(prefecture).collect();
        for name in ["Hokkaido", "Tokyo", "Kyoto", "Osaka", "Kanagawa", "Hyogo", "Oita", "Okinawa", "Gunma"] {
            assert!(names.iter().any(|n| n == name), "{name}");
        }
    }
}
