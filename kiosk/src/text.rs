//! The words of the screens in each language, from the `.ftl` files beside the sources.
//!
//! **Invariant**: the language is an argument of every sentence, never a setting of the process.

mod roman;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use jiff::civil::Date;
use unic_langid::LanguageIdentifier;

/// A language of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// 日本語
    Japanese,
    /// やさしい日本語: short sentences, few kanji.
    PlainJapanese,
    /// English
    English,
    /// 中文, simplified characters.
    Chinese,
    /// 한국어
    Korean,
    /// Português, of Brazil.
    Portuguese,
    /// Tiếng Việt
    Vietnamese,
}

impl Language {
    /// All, in the order of the switch.
    pub const ALL: [Self; 7] = [
        Self::Japanese,
        Self::PlainJapanese,
        Self::English,
        Self::Chinese,
        Self::Korean,
        Self::Portuguese,
        Self::Vietnamese,
    ];

    /// The tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Japanese | Self::PlainJapanese => "ja",
            Self::English => "en",
            Self::Chinese => "zh-Hans",
            Self::Korean => "ko",
            Self::Portuguese => "pt-BR",
            Self::Vietnamese => "vi",
        }
    }

    /// What its speakers call it.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Japanese => "日本語",
            Self::PlainJapanese => "やさしい日本語",
            Self::English => "English",
            Self::Chinese => "中文",
            Self::Korean => "한국어",
            Self::Portuguese => "Português",
            Self::Vietnamese => "Tiếng Việt",
        }
    }

    /// What files about it are called.
    pub const fn short(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::PlainJapanese => "ja-easy",
            Self::English => "en",
            Self::Chinese => "zh",
            Self::Korean => "ko",
            Self::Portuguese => "pt",
            Self::Vietnamese => "vi",
        }
    }

    /// The residents' words, and the staff's: these in Japanese, and in English for everybody else.
    const fn sources(self) -> [&'static str; 2] {
        let staff = match self {
            Self::Japanese | Self::PlainJapanese => include_str!("../text/staff.ja.ftl"),
            Self::English | Self::Chinese | Self::Korean | Self::Portuguese | Self::Vietnamese => {
                include_str!("../text/staff.en.ftl")
            }
        };
        let residents = match self {
            Self::Japanese => include_str!("../text/ja.ftl"),
            Self::PlainJapanese => include_str!("../text/ja-easy.ftl"),
            Self::English => include_str!("../text/en.ftl"),
            Self::Chinese => include_str!("../text/zh.ftl"),
            Self::Korean => include_str!("../text/ko.ftl"),
            Self::Portuguese => include_str!("../text/pt.ftl"),
            Self::Vietnamese => include_str!("../text/vi.ftl"),
        };
        [residents, staff]
    }
}

/// Why the words cannot be read: a mistake in a `.ftl` file that was compiled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// The file has a syntax error.
    #[error("the words of language {} cannot be read", .0.tag())]
    Syntax(Language),
    /// A message stands there twice.
    #[error("the words of language {} hold a message twice", .0.tag())]
    Repeated(Language),
}

/// The words of every language.
pub struct Texts {
    /// In the order of [`Language::ALL`].
    bundles: [FluentBundle<FluentResource>; Language::ALL.len()],
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Texts(..)")
    }
}

impl Texts {
    /// Reads the words that were compiled in.
    pub fn load() -> Result<Self, TextError> {
        let bundles = [
            bundle(Language::Japanese)?,
            bundle(Language::PlainJapanese)?,
            bundle(Language::English)?,
            bundle(Language::Chinese)?,
            bundle(Language::Korean)?,
            bundle(Language::Portuguese)?,
            bundle(Language::Vietnamese)?,
        ];
        Ok(Self { bundles })
    }

    /// Someone who says them in one language.
    pub const fn speech(&self, language: Language) -> Speech<'_> {
        Speech { texts: self, language }
    }

    const fn bundle(&self, language: Language) -> &FluentBundle<FluentResource> {
        let [japanese, plain_japanese, english, chinese, korean, portuguese, vietnamese] = &self.bundles;
        match language {
            Language::Japanese => japanese,
            Language::PlainJapanese => plain_japanese,
            Language::English => english,
            Language::Chinese => chinese,
            Language::Korean => korean,
            Language::Portuguese => portuguese,
            Language::Vietnamese => vietnamese,
        }
    }
}

/// Values to put into a sentence.
pub type Values<'v> = &'v [(&'static str, FluentValue<'v>)];

/// A sentence by its key, with its values.
#[derive(Debug, Clone)]
pub struct Sentence {
    /// The key.
    pub key: &'static str,
    /// The values.
    pub values: Vec<(&'static str, FluentValue<'static>)>,
}

/// The words in one language.
#[derive(Debug, Clone, Copy)]
pub struct Speech<'t> {
    texts: &'t Texts,
    language: Language,
}

impl Speech<'_> {
    /// The language.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// A day, by the language's own order and figures.
    pub fn date(&self, date: Date) -> String {
        let two = |number: i8| match self.language {
            Language::Japanese | Language::PlainJapanese | Language::Chinese | Language::Korean => number.to_string(),
            Language::English | Language::Portuguese | Language::Vietnamese => format!("{number:02}"),
        };
        let (year, month, day) = (date.year().to_string(), two(date.month()), two(date.day()));
        self.say_with("date", &[("year", year.into()), ("month", month.into()), ("day", day.into())])
    }

    /// A place: in kanji where the language reads them, else in roman letters, in Korean both.
    pub fn place(&self, name: &str, reading: &str) -> String {
        match self.language {
            Language::Japanese | Language::PlainJapanese | Language::Chinese => name.to_owned(),
            Language::English | Language::Portuguese | Language::Vietnamese => roman::place(name, reading),
            Language::Korean => format!("{name}({})", roman::place(name, reading)),
        }
    }

    /// A sentence without values.
    pub fn say(&self, key: &str) -> String {
        self.say_with(key, &[])
    }

    /// A sentence with values.
    pub fn say_with(&self, key: &str, values: Values<'_>) -> String {
        self.format(key, None, values)
    }

    /// A sentence of a fault.
    pub fn say_sentence(&self, sentence: &Sentence) -> String {
        self.format(sentence.key, None, &sentence.values)
    }

    /// What to do next about a fault.
    pub fn advise(&self, sentence: &Sentence) -> String {
        self.format(sentence.key, Some("advice"), &sentence.values)
    }

    /// An unknown key is shown as it is: a test over all screens looks for that.
    fn format(&self, key: &str, attribute: Option<&str>, values: Values<'_>) -> String {
        let bundle = self.texts.bundle(self.language);
        let message = bundle.get_message(key);
        let pattern = message.and_then(|message| match attribute {
            None => message.value(),
            Some(name) => message.get_attribute(name).map(|attribute| attribute.value()),
        });
        let Some(pattern) = pattern else {
            return key.to_owned();
        };
        let arguments: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut mistakes = Vec::new();
        bundle.format_pattern(pattern, Some(&arguments), &mut mistakes).into_owned()
    }
}

fn bundle(language: Language) -> Result<FluentBundle<FluentResource>, TextError> {
    let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new(vec![tag]);
    // Isolating marks are for mixed directions; no font here has a glyph for them.
    bundle.set_use_isolating(false);
    for source in language.sources() {
        let resource = FluentResource::try_new(source.to_owned()).map_err(|(_, _)| TextError::Syntax(language))?;
        bundle.add_resource(resource).map_err(|_repeated| TextError::Repeated(language))?;
    }
    Ok(bundle)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::theme::Typeface;

    /// Keys (with `.advice` for the attribute) and the arguments each uses.
    pub(crate) fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let (mut message, mut place) = (String::new(), String::new());
        for line in language.sources().into_iter().flat_map(str::lines).filter(|line| !line.starts_with('#')) {
            if let Some((key, _)) = line.split_once(" = ")
                && !key.is_empty()
                && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit())
            {
                message = key.to_owned();
                place.clone_from(&message);
            } else if line.trim_start().starts_with(".advice = ") {
                place = format!("{message}.advice");
            }
            let arguments = messages.entry(place.clone()).or_default();
            for after in line.split('$').skip(1) {
                let end = after.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(after.len());
                arguments.insert(after[..end].to_owned());
            }
        }
        messages.remove("");
        messages
    }

    #[test]
    fn every_language_has_the_same_sentences_with_the_same_values() {
        let japanese = messages(Language::Japanese);
        assert!(japanese.len() > 150, "the file was not understood");
        for language in Language::ALL {
            assert_eq!(japanese, messages(language), "{language:?}");
        }
    }

    #[test]
    fn every_sentence_can_be_said() {
        let texts = Texts::load().unwrap();
        for language in Language::ALL {
            let bundle = texts.bundle(language);
            for (key, arguments) in &messages(language) {
                let (key, attribute) = key.split_once('.').map_or((key.as_str(), None), |(k, a)| (k, Some(a)));
                let message = bundle.get_message(key).unwrap();
                let advice = attribute.map(|name| message.get_attribute(name).unwrap().value());
                let pattern = advice.or_else(|| message.value()).unwrap();
                let values: FluentArgs<'_> = arguments.iter().map(|name| (name.as_str(), 2)).collect();
                let mut mistakes = Vec::new();
                assert!(!bundle.format_pattern(pattern, Some(&values), &mut mistakes).is_empty());
                assert!(mistakes.is_empty(), "{key}: {mistakes:?}");
            }
        }
    }

    #[test]
    fn every_letter_of_every_language_is_in_the_typeface() {
        let typeface = Typeface::read().unwrap();
        for language in Language::ALL {
            let words: BTreeSet<char> =
                language.sources().into_iter().flat_map(str::chars).filter(|letter| !letter.is_control()).collect();
            for (face, index) in typeface.faces(language) {
                let font = ttf_parser::Face::parse((*face).as_ref(), index).unwrap();
                let missing: Vec<_> = words.iter().filter(|letter| font.glyph_index(**letter).is_none()).collect();
                assert!(missing.is_empty(), "{language:?}: {missing:?}");
            }
        }
    }

    #[test]
    fn a_day_and_a_place_are_written_as_each_language_writes_them() {
        let texts = Texts::load().unwrap();
        let day = jiff::civil::date(2022, 10, 3);
        for (language, date, place) in [
            (Language::Japanese, "2022年10月3日", "千代田区"),
            (Language::PlainJapanese, "2022ねん10がつ3にち", "千代田区"),
            (Language::English, "2022-10-03", "Chiyoda-ku"),
            (Language::Chinese, "2022年10月3日", "千代田区"),
            (Language::Korean, "2022년 10월 3일", "千代田区(Chiyoda-ku)"),
            (Language::Portuguese, "03/10/2022", "Chiyoda-ku"),
            (Language::Vietnamese, "03/10/2022", "Chiyoda-ku"),
        ] {
            let speech = texts.speech(language);
            assert_eq!((speech.date(day).as_str(), speech.place("千代田区", "ちよだく").as_str()), (date, place));
        }
    }

    #[test]
    fn numbers_stand_in_a_sentence_without_invisible_marks() {
        let texts = Texts::load().unwrap();
        let english = texts.speech(Language::English);
        assert_eq!(english.say_with("pin-tries", &[("count", 1.into())]), "1 try left");
        assert_eq!(english.say_with("pin-tries", &[("count", 3.into())]), "3 tries left");
        let japanese = texts.speech(Language::Japanese);
        assert_eq!(japanese.say_with("menu-fee", &[("fee", 120.into())]), "1通 120 円（税込）");
    }
}
