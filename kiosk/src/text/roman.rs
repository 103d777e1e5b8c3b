//! Names of places in roman letters, from their reading in hiragana: Hepburn, long vowels written short.

/// What a place is called, and its reading's end.
const KINDS: [(&str, &[(&str, &str)]); 8] = [
    ("区", &[("く", "ku")]),
    ("市", &[("し", "shi")]),
    ("町", &[("まち", "machi"), ("ちょう", "cho")]),
    ("村", &[("むら", "mura"), ("そん", "son")]),
    ("都", &[("と", "to")]),
    ("道", &[("どう", "do")]),
    ("府", &[("ふ", "fu")]),
    ("県", &[("けん", "ken")]),
];

/// A place's name in roman letters, `Chiyoda-ku`.
pub(super) fn place(name: &str, reading: &str) -> String {
    let kind = KINDS
        .iter()
        .find(|(kind, _)| name.ends_with(kind))
        .and_then(|(_, ends)| ends.iter().find_map(|(end, roman)| Some((reading.strip_suffix(end)?, *roman))));
    match kind {
        // Hokkaido is never taken apart.
        Some((stem, roman)) if name != "北海道" => format!("{}-{roman}", capital(&hepburn(stem))),
        Some(_) | None => capital(&hepburn(reading)),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

fn hepburn(reading: &str) -> String {
    let mut roman = String::new();
    let mut kana: &str = reading;
    let mut is_doubled = false;
    while let Some(first) = kana.chars().next() {
        if first == 'っ' {
            is_doubled = true;
            kana = kana.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        let (syllable, taken) = syllable(kana, first);
        if is_doubled {
            // Hepburn doubles the consonant, and writes a t before ch.
            roman.push(if syllable.starts_with("ch") { 't' } else { syllable.chars().next().unwrap_or('-') });
            is_doubled = false;
        }
        let is_long = match syllable {
            "u" => {
                roman.ends_with('o')
                    || roman.ends_with("yu")
                    || roman.ends_with("shu")
                    || roman.ends_with("chu")
                    || roman.ends_with("ju")
            }
            "o" => roman.ends_with('o'),
            _ => false,
        };
        if !is_long {
            roman.push_str(syllable);
        }
        kana = kana.get(taken..).unwrap_or_default();
    }
    roman
}

/// The syllable that stands first, and its bytes.
fn syllable(kana: &str, first: char) -> (&'static str, usize) {
    let pair = SYLLABLES.iter().find(|(text, _)| text.chars().count() == 2 && kana.starts_with(text));
    let single = || SYLLABLES.iter().find(|(text, _)| text.chars().count() == 1 && kana.starts_with(text));
    pair.or_else(single).map_or(("", first.len_utf8()), |(text, roman)| (*roman, text.len()))
}

const SYLLABLES: [(&str, &str); 107] = [
    ("きゃ", "kya"),
    ("きゅ", "kyu"),
    ("きょ", "kyo"),
    ("しゃ", "sha"),
    ("しゅ", "shu"),
    ("しょ", "sho"),
    ("ちゃ", "cha"),
    ("ちゅ", "chu"),
    ("ちょ", "cho"),
    ("にゃ", "nya"),
    ("にゅ", "nyu"),
    ("にょ", "nyo"),
    ("ひゃ", "hya"),
    ("ひゅ", "hyu"),
    ("ひょ", "hyo"),
    ("みゃ", "mya"),
    ("みゅ", "myu"),
    ("みょ", "myo"),
    ("りゃ", "rya"),
    ("りゅ", "ryu"),
    ("りょ", "ryo"),
    ("ぎゃ", "gya"),
    ("ぎゅ", "gyu"),
    ("ぎょ", "gyo"),
    ("じゃ", "ja"),
    ("じゅ", "ju"),
    ("じょ", "jo"),
    ("びゃ", "bya"),
    ("びゅ", "byu"),
    ("びょ", "byo"),
    ("ぴゃ", "pya"),
    ("ぴゅ", "pyu"),
    ("ぴょ", "pyo"),
    ("ぢゃ", "ja"),
    ("ぢゅ", "ju"),
    ("ぢょ", "jo"),
    ("あ", "a"),
    ("い", "i"),
    ("う", "u"),
    ("え", "e"),
    ("お", "o"),
    ("か", "ka"),
    ("き", "ki"),
    ("く", "ku"),
    ("け", "ke"),
    ("こ", "ko"),
    ("さ", "sa"),
    ("し", "shi"),
    ("す", "su"),
    ("せ", "se"),
    ("そ", "so"),
    ("た", "ta"),
    ("ち", "chi"),
    ("つ", "tsu"),
    ("て", "te"),
    ("と", "to"),
    ("な", "na"),
    ("に", "ni"),
    ("ぬ", "nu"),
    ("ね", "ne"),
    ("の", "no"),
    ("は", "ha"),
    ("ひ", "hi"),
    ("ふ", "fu"),
    ("へ", "he"),
    ("ほ", "ho"),
    ("ま", "ma"),
    ("み", "mi"),
    ("む", "mu"),
    ("め", "me"),
    ("も", "mo"),
    ("や", "ya"),
    ("ゆ", "yu"),
    ("よ", "yo"),
    ("ら", "ra"),
    ("り", "ri"),
    ("る", "ru"),
    ("れ", "re"),
    ("ろ", "ro"),
    ("わ", "wa"),
    ("を", "o"),
    ("ん", "n"),
    ("が", "ga"),
    ("ぎ", "gi"),
    ("ぐ", "gu"),
    ("げ", "ge"),
    ("ご", "go"),
    ("ざ", "za"),
    ("じ", "ji"),
    ("ず", "zu"),
    ("ぜ", "ze"),
    ("ぞ", "zo"),
    ("だ", "da"),
    ("ぢ", "ji"),
    ("づ", "zu"),
    ("で", "de"),
    ("ど", "do"),
    ("ば", "ba"),
    ("び", "bi"),
    ("ぶ", "bu"),
    ("べ", "be"),
    ("ぼ", "bo"),
    ("ぱ", "pa"),
    ("ぴ", "pi"),
    ("ぷ", "pu"),
    ("ぺ", "pe"),
    ("ぽ", "po"),
];

#[cfg(test)]
mod tests {
    use shared::domain::municipality;

    use super::*;

    #[test]
    fn well_known_places_are_written_as_on_their_signs() {
        for (name, reading, expected) in [
            ("千代田区", "ちよだく", "Chiyoda-ku"),
            ("横浜市", "よこはまし", "Yokohama-shi"),
            ("東京都", "とうきょうと", "Tokyo-to"),
            ("北海道", "ほっかいどう", "Hokkaido"),
            ("大阪府", "おおさかふ", "Osaka-fu"),
            ("札幌市", "さっぽろし", "Sapporo-shi"),
            ("葉山町", "はやままち", "Hayama-machi"),
            ("夕張市", "ゆうばりし", "Yubari-shi"),
            ("十津川村", "とつかわむら", "Totsukawa-mura"),
            ("松浦市", "まつうらし", "Matsuura-shi"),
        ] {
            assert_eq!(place(name, reading), expected);
        }
    }

    #[test]
    fn every_municipality_and_prefecture_has_a_name_in_roman_letters() {
        let all = municipality::all().map(|place| (place.name, place.reading));
        let prefectures = municipality::prefectures().iter().map(|place| (place.name, place.reading));
        for (name, reading) in all.chain(prefectures) {
            let roman = place(name, reading);
            assert!(
                roman.len() > 1 && roman.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-'),
                "{name}: {roman}"
            );
            assert!(
                reading.chars().all(|kana| kana == 'っ'
                    || kana == 'ー'
                    || !syllable(&kana.to_string(), kana).0.is_empty()
                    || "ゃゅょ".contains(kana)),
                "{name}: {reading}"
            );
        }
    }
}
