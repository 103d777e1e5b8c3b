//! `kiosk cassette show`: a cassette in plain words.

use fixtures::cassette::image::targets;
use fixtures::cassette::words::{Phrase, Values, describe};
use fixtures::cassette::{Cassette, Event, Exchange, Origin, Privacy};
use shared::clock::japan;

use super::arguments::{Language, ShowArguments};
use super::{CassetteError, DONE, open};

pub(super) fn show(arguments: &ShowArguments, say: &mut dyn FnMut(&str)) -> Result<u8, CassetteError> {
    let cassette = open(&arguments.file)?;
    let values = if arguments.values { Values::Shown } else { Values::Hidden };
    let mut tell = |indent: &str, phrase: &Phrase| match arguments.language {
        Language::En => say(&format!("{indent}{}", phrase.en)),
        Language::Ja => say(&format!("{indent}{}", phrase.ja)),
        Language::Both => {
            say(&format!("{indent}{}", phrase.en));
            say(&format!("{indent}{}", phrase.ja));
        }
    };
    tell("", &heading(&cassette));
    let exchanges = targets(&cassette);
    let mut told = exchanges.iter().peekable();
    for (place, timed) in cassette.events.iter().enumerate() {
        let time = format!("{}.{:03} ms", timed.at / 1000, timed.at % 1000);
        match &timed.event {
            Event::Insert => {
                tell("", &phrase(&format!("{time}  the card is put down"), &format!("{time}  カードを置く")));
            }
            Event::Remove => tell("", &phrase(&format!("{time}  the card is taken"), &format!("{time}  カードを取る"))),
            Event::Reset => tell("", &phrase(&format!("{time}  reset"), &format!("{time}  リセット"))),
            Event::Command(_) => {
                let Some((exchange, target)) = told.next_if(|(exchange, _)| exchange.place == place) else { continue };
                let described = describe(exchange, *target, values);
                tell("", &numbered(exchange, &described.command));
                tell("      → ", &described.outcome);
                for line in &described.content {
                    tell("        ", line);
                }
            }
            Event::Answer(_) | Event::Error(_) => {}
            Event::Redaction(_) => {
                tell("", &phrase("the card is a synthetic twin's", "架空の人物（双子）のカードです"));
            }
            Event::Key(key) => tell(
                "",
                &phrase(
                    &format!("carries the twin's key {}", String::from(key.id)),
                    &format!("双子の鍵{}を含みます", String::from(key.id)),
                ),
            ),
        }
    }
    tell("", &phrase("the chain holds, and the end is there", "連鎖は破れておらず、終わりの記録もあります"));
    Ok(DONE)
}

fn phrase(en: &str, ja: &str) -> Phrase {
    Phrase { en: en.to_owned(), ja: ja.to_owned() }
}

fn numbered(exchange: &Exchange<'_>, told: &Phrase) -> Phrase {
    phrase(&format!("{:4}  {}", exchange.number, told.en), &format!("{:4}  {}", exchange.number, told.ja))
}

fn heading(cassette: &Cassette) -> Phrase {
    let header = &cassette.header;
    let (en, ja) = match header.privacy {
        Privacy::Private => ("private: may be a real person's", "非公開：実在の人のデータを含む可能性があります"),
        Privacy::Synthetic => ("synthetic: a test authority's card", "試験用認証局のカード"),
        Privacy::Redacted => ("redacted: a synthetic twin's card", "匿名化済み：架空の人物のカード"),
    };
    let (origin_en, origin_ja) = match header.origin {
        Origin::Recorded => ("recorded", "記録"),
        Origin::Imported => ("imported", "取込"),
        Origin::Mutated => ("mutated", "変異"),
    };
    let (reader, tool, when) =
        (header.reader.as_str(), header.tool.as_str(), japan(header.recorded_at).strftime("%Y-%m-%d %H:%M"));
    let exchanges = cassette.exchanges().count();
    phrase(
        &format!("{en}; {origin_en} {when} (Japan) by {tool} on \"{reader}\"; {exchanges} exchanges"),
        &format!("{ja}。{when}に{tool}が「{reader}」で{origin_ja}。やり取り{exchanges}回"),
    )
}
