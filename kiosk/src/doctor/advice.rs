//! What to do about a finding, in one sentence of each language.

use super::application::Finding;
use crate::session::fault::CardFault;

/// One sentence in Japanese and in English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Advice {
    pub(super) japanese: &'static str,
    pub(super) english: &'static str,
}

const fn advice(japanese: &'static str, english: &'static str) -> Advice {
    Advice { japanese, english }
}

pub(super) const WELL: Advice =
    advice("問題ありません。マイナンバーカードを読み取れます。", "All is well: a My Number card can be read.");

pub(super) const NO_DRIVER: Advice = advice(
    "カードリーダーのドライバーがありません。libccid を入れるか、リーダーの製造元のドライバーを入れてください。",
    "No reader driver is installed: install libccid, or the driver of the reader's maker.",
);

/// About a reader, or the service.
pub(super) const fn on_fault(fault: CardFault) -> Advice {
    match fault {
        CardFault::ServiceStopped => advice(
            "スマートカードサービスが動いていません。pcscd を起動してください。",
            "Start the smart card service: the program pcscd must run.",
        ),
        CardFault::ReaderMissing => advice("カードリーダーを接続してください。", "Connect a card reader."),
        CardFault::ReaderUnknown => advice(
            "リーダーの名前が違います。この一覧の名前を指定してください。",
            "Check the reader's name against this list.",
        ),
        CardFault::ReaderLost => advice(
            "リーダーが外れました。ケーブルを差し直してください。",
            "The reader is gone: plug its cable in again.",
        ),
        CardFault::CardMissing => advice("カードをリーダーに置いてください。", "Place a card on the reader."),
        CardFault::Removed => advice(
            "読み取りの途中でカードが離れました。置いたまま動かさないでください。",
            "The card was removed while it was read: leave it on the reader.",
        ),
        CardFault::Swapped => advice(
            "途中で別のカードに替わりました。1枚だけ置いてください。",
            "The card was exchanged for another one: place one card and leave it there.",
        ),
        CardFault::Reset | CardFault::Occupied => advice(
            "ほかのプログラムがカードを使っています。そのプログラムを閉じてください。",
            "Another program uses the card: close it.",
        ),
        CardFault::ForeignCard => advice("マイナンバーカードではありません。", "This is not a My Number card."),
        CardFault::Unreadable | CardFault::Malformed => advice(
            "カードを読み取れません。向きを確かめ、カードケースから出して置き直してください。",
            "The card cannot be read: take it out of its sleeve, check which side is up, and place it again.",
        ),
        CardFault::Silent => advice(
            "応答がありません。カードを置き直し、それでも変わらなければ pcscd を再起動してください。",
            "There is no answer: place the card again, and if that changes nothing, restart pcscd.",
        ),
    }
}

/// About a card.
pub(super) const fn on_card(finding: Finding) -> Advice {
    match finding {
        Finding::Usable => WELL,
        Finding::LastTry => advice(
            "券面事項入力補助用の暗証番号は、あと1回まちがえるとロックされます。番号を確かめてから入力してください。",
            "One try is left for the PIN of the input-support application: type it with care.",
        ),
        Finding::Locked => advice(
            "券面事項入力補助用の暗証番号がロックされています。市区町村の窓口で解除してください。",
            "The PIN of the input-support application is locked: the municipal office unlocks it.",
        ),
        Finding::LeftUnlocked => advice(
            "ほかのプログラムが暗証番号を入れたままにしています。カードを一度離して置き直してください。",
            "Another program left the card unlocked: take the card off the reader and place it again.",
        ),
        Finding::ForeignCard => on_fault(CardFault::ForeignCard),
        Finding::Garbled => on_fault(CardFault::Malformed),
    }
}
