//! メッセージ: from the nation to all, from a supervisor to the own municipality.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{Html, Redirect};
use maud::html;

use super::fault::Fault;
use super::form::Posted;
use super::page::{self, Item, input, moment, token};
use super::session::Visitor;
use super::{Console, blocking};
use crate::store::actor::Act;

/// The board.
pub(super) async fn show(State(console): State<Arc<Console>>, visitor: Visitor) -> Result<Html<String>, Fault> {
    let actor = visitor.actor.clone();
    let messages = blocking(&console, move |console| Ok(console.center.store.messages(&actor)?)).await?;
    let body = html! {
        @if visitor.actor.may(Act::WriteMessages) {
            section aria-labelledby="write" {
                h2 id="write" { "書く" }
                p { "宛先：" (if visitor.actor.municipality().is_some() { "この市区町村の職員" } else { "すべての市区町村" })
                    "。個人が分かる内容は書かないでください。" }
                form method="post" action="/messages" {
                    (token(&visitor))
                    (input("title", "件名", ("text", "", "80文字まで")))
                    div .field {
                        label for="body" { "本文" }
                        textarea id="body" name="body" rows="5" {}
                    }
                    button type="submit" { "送る" }
                }
            }
        }
        @if messages.is_empty() { p { "メッセージはありません。" } }
        @for message in &messages {
            article {
                h2 { (message.title) }
                p .meta { (moment(message.at)) "　" (message.by) "　→ "
                    (message.to.as_ref().map_or_else(|| "すべての市区町村".to_owned(), |to| page::place_name(Some(to)))) }
                @for line in message.body.lines() { p { (line) } }
            }
        }
    };
    Ok(page::page(&visitor, Item::Messages, &body))
}

/// Writes a message.
pub(super) async fn write(State(console): State<Arc<Console>>, posted: Posted) -> Result<Redirect, Fault> {
    let Posted { visitor, fields } = posted;
    blocking(&console, move |console| {
        let body = fields.text("body").replace("\r\n", "\n");
        Ok(console.center.store.write_message(&visitor.actor, fields.text("title"), &body, console.now())?)
    })
    .await?;
    Ok(Redirect::to("/messages"))
}
