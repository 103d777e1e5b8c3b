//! The frame of every page: whose it is, the ten items of the menu, and the one style sheet.

use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse};
use maud::{Markup, html};
use shared::domain::identifiers::MunicipalityCode;
use shared::domain::municipality;

use super::form::TOKEN_FIELD;
use super::session::Visitor;
use super::wording;
use crate::store::actor::Act;

/// An item of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// 接種状況
    Status,
    /// データ登録
    Registration,
    /// データ出力
    Export,
    /// 照会・補正
    Records,
    /// アカウント登録
    Accounts,
    /// 転入処理
    Moving,
    /// メッセージ
    Messages,
    /// 接種証明
    Certificate,
    /// 利用規約
    Terms,
    /// 操作説明
    Guide,
    /// Requests that take a second person; not of the notice.
    Approvals,
    /// 報告; not of the notice.
    Reports,
    /// 保護評価; not of the notice.
    Assessment,
    /// The own password; not in the menu.
    Password,
}

/// The menu in the order of the notice, what it does not name behind it.
const MENU: [Item; 13] = [
    Item::Status,
    Item::Registration,
    Item::Export,
    Item::Records,
    Item::Accounts,
    Item::Moving,
    Item::Messages,
    Item::Certificate,
    Item::Terms,
    Item::Guide,
    Item::Approvals,
    Item::Reports,
    Item::Assessment,
];

/// The address of every page of the menu, for whoever walks through them all.
pub fn menu_paths() -> impl Iterator<Item = &'static str> {
    MENU.into_iter().map(|item| item.words().0)
}

impl Item {
    /// Path, Japanese and English.
    pub(super) const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Status => ("/status", "接種状況", "Status"),
            Self::Registration => ("/registration", "データ登録", "Register data"),
            Self::Export => ("/export", "データ出力", "Export"),
            Self::Records => ("/records", "照会・補正", "Look up, correct"),
            Self::Accounts => ("/accounts", "アカウント登録", "Accounts"),
            Self::Moving => ("/moving", "転入処理", "Moving in"),
            Self::Messages => ("/messages", "メッセージ", "Messages"),
            Self::Certificate => ("/certificate", "接種証明", "Certificate"),
            Self::Terms => ("/terms", "利用規約", "Terms"),
            Self::Guide => ("/guide", "操作説明", "Guide"),
            Self::Approvals => ("/approvals", "承認", "Approvals"),
            Self::Reports => ("/reports", "報告", "Reports"),
            Self::Assessment => ("/assessment", "保護評価", "Assessment"),
            Self::Password => ("/password", "パスワード変更", "Password"),
        }
    }

    /// Whether the visitor can do anything there.
    fn is_for(self, visitor: &Visitor) -> bool {
        match self {
            Self::Status | Self::Messages | Self::Guide | Self::Password => true,
            Self::Accounts => visitor.actor.may(Act::KeepAccounts),
            Self::Terms => visitor.actor.municipality().is_some(),
            Self::Reports => visitor.actor.may(Act::SeeNation) || visitor.actor.may(Act::RepresentMunicipality),
            Self::Assessment => visitor.actor.may(Act::RepresentMunicipality),
            Self::Registration | Self::Export | Self::Records | Self::Moving | Self::Certificate | Self::Approvals => {
                visitor.actor.may(Act::WorkWithRecords)
            }
        }
    }
}

/// A page of a visitor.
pub(super) fn page(visitor: &Visitor, item: Item, body: &Markup) -> Html<String> {
    let (_, title, english) = item.words();
    let menu = MENU.into_iter().filter(|item| item.is_for(visitor));
    let frame = html! {
        a .skip href="#main" { "本文へ" }
        header .top {
            div .who {
                strong { (place_name(visitor.actor.municipality())) }
                span { (wording::role(visitor.account.role)) "　" (visitor.account.id) }
            }
            div .leave {
                a href="/password" { "パスワード変更" }
                form method="post" action="/logout" {
                    (token(visitor))
                    button .quiet type="submit" { "ログアウト" }
                }
            }
        }
        nav aria-label="メニュー" {
            ul {
                @for entry in menu {
                    @let (path, japanese, english) = entry.words();
                    li {
                        a href=(path) aria-current=[(entry == item).then_some("page")] {
                            (japanese) small lang="en" { (english) }
                        }
                    }
                }
            }
        }
        main #main tabindex="-1" {
            h1 { (title) small lang="en" { (english) } }
            (body)
        }
        footer { "架空の人物・団体による試験環境を含みます。" span lang="en" { "Municipal console" } }
    };
    whole(title, &frame)
}

/// A page without a visitor.
pub(super) fn bare(title: &str, body: &Markup) -> Html<String> {
    whole(title, &html! { main #main .bare tabindex="-1" { (body) } })
}

fn whole(title: &str, frame: &Markup) -> Html<String> {
    let style = html! { link rel="stylesheet" href="/static/console.css"; };
    crate::http::page(&format!("{title} | 予防接種記録システム"), &style, frame)
}

/// The hidden field that every form carries.
pub(super) fn token(visitor: &Visitor) -> Markup {
    html! { input type="hidden" name=(TOKEN_FIELD) value=(visitor.csrf); }
}

/// A municipality's name; the nation where there is none.
pub(super) fn place_name(code: Option<&MunicipalityCode>) -> String {
    code.map_or_else(
        || "全国".to_owned(),
        |code| municipality::find(code).map_or_else(|| code.to_string(), |place| place.name.to_owned()),
    )
}

/// A labelled input of one line.
pub(super) fn input(name: &str, label: &str, (kind, value, hint): (&str, &str, &str)) -> Markup {
    html! {
        div .field {
            label for=(name) { (label) }
            input id=(name) name=(name) type=(kind) value=(value) autocomplete="off"
                aria-describedby=[(!hint.is_empty()).then(|| format!("{name}-hint"))];
            @if !hint.is_empty() { p .hint id=(format!("{name}-hint")) { (hint) } }
        }
    }
}

/// A labelled choice.
pub(super) fn select(name: &str, label: &str, (options, chosen): (&[(String, String)], &str)) -> Markup {
    html! {
        div .field {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                @for (value, text) in options {
                    option value=(value) selected[value == chosen] { (text) }
                }
            }
        }
    }
}

/// A table in a frame that scrolls by itself on narrow screens.
///
/// A column of numbers stands right, so that places stand under each other.
pub(super) fn table(caption: &str, heads: &[&str], rows: &[Vec<Markup>]) -> Markup {
    let is_number =
        |cell: &Markup| !cell.0.is_empty() && cell.0.chars().all(|c| c.is_ascii_digit() || ",%－".contains(c));
    let all_numbers = |column: usize| !rows.is_empty() && rows.iter().all(|row| row.get(column).is_some_and(is_number));
    let numeric: Vec<bool> = (0..heads.len()).map(all_numbers).collect();
    let class = |column: usize| numeric.get(column).copied().unwrap_or_default().then_some("number");
    html! {
        div .scroll role="region" aria-label=(caption) tabindex="0" {
            table {
                caption { (caption) }
                thead { tr { @for (column, head) in heads.iter().enumerate() { th scope="col" class=[class(column)] { (head) } } } }
                tbody {
                    @for row in rows { tr { @for (column, cell) in row.iter().enumerate() { td class=[class(column)] { (cell) } } } }
                }
            }
        }
        @if rows.is_empty() { p { "該当するものはありません。" } }
    }
}

/// A date and time as people in Japan write it.
pub(super) fn moment(at: jiff::Timestamp) -> Markup {
    let japan = shared::clock::japan(at);
    html! { time datetime=(at) { (japan.strftime("%Y-%m-%d %H:%M").to_string()) } }
}

/// The style sheet.
pub(super) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("console.css"))
}

/// Browsers ask for an icon by themselves; there is none, and that is no error.
pub(super) async fn no_icon() -> StatusCode {
    StatusCode::NO_CONTENT
}
