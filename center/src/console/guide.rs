//! 操作説明: what each item is for and what to do when something is refused.

use axum::response::Html;
use maud::html;

use super::page::{self, Item};
use super::session::Visitor;

/// What each item is for.
const ITEMS: [(Item, &str); 13] = [
    (Item::Status, "回数・月・ワクチン・年齢ごとの接種数を図と表で見ます。数値は開いた時点の記録から数えます。"),
    (
        Item::Registration,
        "CSVファイルか1件ずつの入力で、住民と接種を登録します。誤りのある行は行番号と列で示され、確認して「登録する」を押すまで何も登録されません。同じファイルをもう一度登録しても増えません。",
    ),
    (Item::Export, "台帳の列のとおりCSVで出力します。別の責任者の承認が必要です。"),
    (
        Item::Records,
        "理由を選んで人を探し、記録を見て補正します。補正は次の交付からすぐに反映され、いつ・だれが・なぜ・何を変えたかが残ります。ほかの人が先に変更していたときは、知らせて何も変えません。",
    ),
    (
        Item::Accounts,
        "責任者は自分の市区町村の、国の運用担当は各市区町村の責任者のアカウントを管理します。停止するとすぐに使えなくなります。",
    ),
    (
        Item::Moving,
        "転入した人の接種を、転入元の市区町村へ照会して引き継ぎます。双方が確認事項（追加分）に同意していないときは、本人の同意が必要です。接種は接種時の市区町村の記録のまま残ります。",
    ),
    (Item::Messages, "国からのお知らせと、庁内の連絡です。"),
    (
        Item::Certificate,
        "窓口・郵送の申請に証明書を発行します。海外用では旅券の機械読取領域を入力し、検査数字で確かめます。発行した旅券の情報は、住民がコンビニで海外用を取るときに使われます。",
    ),
    (
        Item::Terms,
        "文書ごとに同意し、何が使えて何が足りないかを確かめます。同意と一時停止は、次の申請からすぐに効きます。",
    ),
    (Item::Guide, "この画面です。"),
    (Item::Approvals, "台帳の出力、証明書の再印刷、支援措置の開始と終了は、申請した人とは別の責任者の承認が必要です。"),
    (
        Item::Reports,
        "交付件数や記録の利用記録（国の運用担当は参加状況・精算・評価の状況も）を、図と表、CSV、PDFで見ます。",
    ),
    (
        Item::Assessment,
        "しきい値判断の表と結果を確かめ、基礎項目評価書を書いて印刷します。登録した数値が境目を越えると判断し直されます。",
    ),
];

/// The page.
pub(super) async fn show(visitor: Visitor) -> Html<String> {
    let body = html! {
        @for (item, words) in ITEMS {
            @let (path, japanese, _) = item.words();
            section { h2 { a href=(path) { (japanese) } } p { (words) } }
        }
        section {
            h2 { "困ったとき" }
            ul {
                li { "「ただいま記録を読み書きできません」は、記録が無いという意味ではありません。少し待ってからやり直してください。" }
                li { "30分操作しないとログアウトします。ログインから8時間でも終わります。" }
                li { "パスワードを忘れたときは、責任者が初期化します。続けて間違えると少し待つ時間ができますが、ほかの場所からのログインには影響しません。" }
                li { "閲覧・検索・変更はすべて、理由とともに監査記録に残ります。" }
            }
        }
    };
    page::page(&visitor, Item::Guide, &body)
}
