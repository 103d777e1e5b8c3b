//! 転入処理: two tabs, the truth table of the notice in the page, and the same rule again on the server.

use std::sync::Arc;

use axum::extract::{Query as UrlQuery, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect};
use maud::{Markup, html};
use serde::Deserialize;
use shared::domain::municipality;

use super::fault::Fault;
use super::form::Posted;
use super::page::{self, Item, input, table, token};
use super::records::{hex_key, query_of};
use super::session::Visitor;
use super::{Console, blocking};
use crate::store::actor::{AccessError, Act};
use crate::store::ledger::{ConsentBox, Inquiry, Sight};
use crate::store::terms::Agreements;
use crate::vrs::inquiry::needs_consent;

/// Which tab.
#[derive(Debug, Deserialize)]
pub(super) struct Tab {
    #[serde(default)]
    by: Option<String>,
}

/// A municipality to choose, and whether its inquiry takes consent.
struct Choice {
    code: &'static str,
    name: String,
    needs_consent: bool,
}

/// The page.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    UrlQuery(tab): UrlQuery<Tab>,
) -> Result<Html<String>, Fault> {
    let choices = choices(&console, &visitor).await?;
    let by_attributes = tab.by.as_deref() == Some("attributes");
    let body = html! {
        div .tabs {
            a href="/moving" aria-current=[(!by_attributes).then_some("page")] { "個人番号で照会" }
            a href="/moving?by=attributes" aria-current=[by_attributes.then_some("page")] { "氏名・生年月日・性別で照会" }
        }
        form #inquiry method="post" action="/moving/inquire" {
            (token(&visitor))
            div .field {
                label for="peer" { "転入元の市区町村" }
                select id="peer" name="peer" {
                    option value="" data-need="" { "選択してください" }
                    @for choice in &choices {
                        option value=(choice.code) data-need=(if choice.needs_consent { "yes" } else { "no" }) { (choice.name) }
                    }
                }
            }
            @if by_attributes { (attribute_fields()) } @else {
                (input("my_number", "個人番号", ("text", "", "12桁")))
            }
            (input("case", "受付番号（任意）", ("text", "", "英大文字・数字・ハイフン、20文字まで")))
            div .tick {
                input id="consent" name="consent" type="checkbox" value="yes" aria-describedby="consent-state";
                label for="consent" { "本人の同意を得ています" }
            }
            p #consent-state .hint role="status" { "双方の市区町村が確認事項（追加分）に同意しているときは、同意の確認は不要です。" }
            button #ask type="submit" { "照会する" }
        }
        script src="/static/moving.js" defer {}
    };
    Ok(page::page(&visitor, Item::Moving, &body))
}

pub(super) fn attribute_fields() -> Markup {
    let sexes = [("male", "男"), ("female", "女"), ("not-applicable", "その他・不明")];
    let sexes: Vec<_> = sexes.iter().map(|(value, text)| ((*value).to_owned(), (*text).to_owned())).collect();
    html! {
        div .row {
            (input("name", "氏名", ("text", "", "空白の有無は問いません")))
            (input("birth_date", "生年月日", ("date", "", "")))
            (page::select("sex", "性別", (&sexes, "")))
        }
    }
}

async fn choices(console: &Arc<Console>, visitor: &Visitor) -> Result<Vec<Choice>, Fault> {
    let actor = visitor.actor.clone();
    blocking(console, move |console| {
        let own = actor.acting_for(Act::WorkWithRecords)?;
        let store = &console.center.store;
        let agreements = store.agreements(own)?;
        let with_addition = store.with_addition()?;
        let none = Agreements::default();
        Ok(municipality::all()
            .filter(|place| place.code != own.as_str())
            .map(|place| {
                let prefecture = place.prefecture().map_or("", |prefecture| prefecture.name);
                let peer = with_addition.get(place.code).unwrap_or(&none);
                let needs_consent = needs_consent(&agreements, peer);
                Choice { code: place.code, name: format!("{prefecture} {}", place.name), needs_consent }
            })
            .collect())
    })
    .await
}

/// Asks the other municipality.
pub(super) async fn inquire(State(console): State<Arc<Console>>, posted: Posted) -> Result<Html<String>, Fault> {
    let Posted { visitor, fields } = posted;
    let peer = fields.municipality("peer").ok_or(Fault::Say("転入元の市区町村を選んでください。"))?;
    let consent = if fields.text("consent") == "yes" { ConsentBox::Ticked } else { ConsentBox::Empty };
    let case = match fields.text("case") {
        "" => None,
        text => Some(crate::store::actor::CaseNumber::parse(text).ok_or(Fault::Say("受付番号を確認してください。"))?),
    };
    let inquiry = Inquiry { peer: peer.clone(), query: query_of(&fields)?, consent, case };
    let actor = visitor.actor.clone();
    let found =
        blocking(&console, move |console| Ok(console.center.store.inquire(&actor, &inquiry, console.now())?)).await?;
    let name = page::place_name(Some(&peer));
    let body = html! {
        p { (name) " への照会結果です。照会は記録されました。" }
        @if found.is_empty() { p role="status" { "該当する記録はありません。" } }
        @for sight in &found { (result(&visitor, sight, peer.as_str())) }
        p { a href="/moving" { "別の人を照会する" } }
    };
    Ok(page::page(&visitor, Item::Moving, &body))
}

fn result(visitor: &Visitor, sight: &Sight, peer: &str) -> Markup {
    let attributes = &sight.record.attributes;
    let rows: Vec<Vec<Markup>> = sight
        .record
        .doses
        .iter()
        .map(|dose| {
            vec![
                html! { (dose.number) "回目" },
                html! { (dose.date) },
                html! { (dose.product.naming().japanese) },
                html! { (dose.lot) },
            ]
        })
        .collect();
    html! {
        section {
            h2 { (attributes.name) "　" (attributes.birth_date) }
            (table("転入元での接種", &["回数", "接種日", "ワクチン", "ロット"], &rows))
            form method="post" action="/moving/take-over" {
                (token(visitor))
                input type="hidden" name="person" value=(hex_key(&sight.person));
                input type="hidden" name="peer" value=(peer);
                button type="submit" { "転入として引き継ぐ" }
            }
            p .hint { "これまでの接種は、接種時の市区町村の記録のまま残ります。" }
        }
    }
}

/// Takes the person over.
pub(super) async fn take_over(State(console): State<Arc<Console>>, posted: Posted) -> Result<Redirect, Fault> {
    let Posted { visitor, fields } = posted;
    let (person, peer) = (fields.person()?, fields.municipality("peer").ok_or(Fault::Malformed)?);
    blocking(&console, move |console| {
        let moved = console.center.store.move_in(&visitor.actor, &person, &peer, console.now());
        match moved {
            Err(AccessError::Missing) => Err(Fault::Say("照会から24時間を過ぎました。もう一度照会してください。")),
            other => Ok(other?),
        }
    })
    .await?;
    Ok(Redirect::to("/records"))
}

/// Greys box and button by the table; the server decides again.
pub(super) async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("moving.js"))
}
