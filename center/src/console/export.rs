//! データ出力: the ledger as CSV with its fixed columns, streamed, after a second person approved.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use hyper::body::Frame;
use maud::html;
use shared::clock::japan;
use shared::domain::certificate::MAXIMUM_DOSES;
use shared::records::PersonRecord;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;

use super::fault::Fault;
use super::form::Posted;
use super::page::{self, Item, token};
use super::session::Visitor;
use super::{Console, approvals, blocking, purpose};
use crate::store::StoreError;
use crate::store::actor::Actor;
use crate::store::approvals::{ApprovalId, Matter};

/// The page.
pub(super) async fn show(visitor: Visitor) -> Html<String> {
    let body = html! {
        p { "この市区町村が登録した接種を、台帳の列のとおりCSVで出力します。全員分の個人情報を含むため、別の責任者の承認が必要です。" }
        form method="post" action="/export/request" {
            (token(&visitor))
            (purpose::fields("ledger", ""))
            button type="submit" { "承認を申請する" }
        }
        p { "承認後は " a href="/approvals" { "承認" } " の画面から24時間以内に1回だけ出力できます。" }
        h2 { "列" }
        p { "宛名番号、続けて接種ごとに：登録日時（14桁）、接種日（8桁）、券番号（10桁）、市区町村コード（6桁）、接種会場、医師、メーカー、ロット。UTF-8（BOM付き）。" }
    };
    page::page(&visitor, Item::Export, &body)
}

/// Asks for approval.
pub(super) async fn request(State(console): State<Arc<Console>>, posted: Posted) -> Result<Redirect, Fault> {
    let Posted { visitor, fields } = posted;
    let purpose = fields.purpose()?;
    blocking(&console, move |console| {
        Ok(console.center.store.request(&visitor.actor, &Matter::Export, &purpose, console.now())?)
    })
    .await?;
    Ok(Redirect::to("/approvals"))
}

/// The file, by an approval.
pub(super) async fn file(console: State<Arc<Console>>, posted: Posted) -> Result<Response, Fault> {
    approvals::use_up(console, posted).await
}

/// Bytes that are gathered before they leave.
const CHUNK: usize = 64 * 1024;

/// Chunks that wait for the browser.
const WAITING: usize = 8;

/// Streams the file; the approval is used up before its first byte.
pub(super) async fn stream(console: &Arc<Console>, actor: Actor, approval: ApprovalId) -> Result<Response, Fault> {
    let (sender, receiver) = channel::<Bytes>(WAITING);
    let console = Arc::clone(console);
    let (told, first) = oneshot::channel();
    let write = move || {
        let mut chunks = Chunks { sender, text: String::from(BOM), told: Some(told) };
        chunks.text.push_str(&heading());
        let exported = console.center.store.export(&actor, &approval, console.now(), &mut |record| {
            chunks.text.push_str(&line(record));
            if chunks.text.len() >= CHUNK { chunks.send() } else { Ok(()) }
        });
        match exported {
            Ok(persons) => {
                tracing::info!(persons, "a ledger was exported");
                chunks.send().unwrap_or_else(|_| tracing::warn!("a browser went away during an export"));
            }
            Err(error) => chunks.fail(error.into()),
        }
    };
    std::thread::Builder::new().name("ledger-export".to_owned()).spawn(write).ok().ok_or(Fault::Internal)?;
    first.await.ok().ok_or(Fault::Internal)??;
    let body = Body::new(Chunked(receiver));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"ledger.csv\""),
    ];
    Ok((headers, body).into_response())
}

/// So that spreadsheet programs read the file as UTF-8.
pub(super) const BOM: &str = "\u{feff}";

struct Chunks {
    sender: Sender<Bytes>,
    text: String,
    /// Told once, when the first chunk is there or nothing will come.
    told: Option<oneshot::Sender<Result<(), Fault>>>,
}

impl Chunks {
    fn send(&mut self) -> Result<(), StoreError> {
        self.tell(Ok(()));
        let chunk = Bytes::from(std::mem::take(&mut self.text));
        self.sender.blocking_send(chunk).ok().ok_or(StoreError::Closed)
    }

    fn fail(&mut self, fault: Fault) {
        self.tell(Err(fault));
    }

    fn tell(&mut self, outcome: Result<(), Fault>) {
        if let Some(told) = self.told.take() {
            // Nobody waits any more: then nobody needs to know.
            drop(told.send(outcome));
        }
    }
}

/// The answer's body: chunks as they come.
struct Chunked(Receiver<Bytes>);

impl hyper::body::Body for Chunked {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|chunk| chunk.map(|chunk| Ok(Frame::data(chunk))))
    }
}

/// The columns' names.
fn heading() -> String {
    let doses = (1..=MAXIMUM_DOSES).flat_map(|number| {
        ["登録日時", "接種日", "券番号", "市区町村コード", "接種会場", "医師", "メーカー", "ロット"]
            .map(|column| format!("{column}{number}"))
    });
    let columns: Vec<String> = std::iter::once("宛名番号".to_owned()).chain(doses).collect();
    format!("{}\r\n", columns.join(","))
}

/// One person.
pub(super) fn line(record: &PersonRecord) -> String {
    let mut cells = vec![record.address_number.clone().map(String::from).unwrap_or_default()];
    for number in 1..=MAXIMUM_DOSES {
        let dose = record.doses.iter().find(|dose| usize::from(dose.number) == number);
        let Some(dose) = dose else {
            cells.extend(std::iter::repeat_n(String::new(), COLUMNS));
            continue;
        };
        cells.extend([
            japan(dose.registered_at).strftime("%Y%m%d%H%M%S").to_string(),
            dose.date.strftime("%Y%m%d").to_string(),
            dose.coupon.as_ref().map(|coupon| coupon.as_str().to_owned()).unwrap_or_default(),
            dose.municipality.to_string(),
            cut(&dose.place, 30),
            cut(&dose.doctor, 20),
            cut(dose.product.naming().maker_japanese, 20),
            cut(&dose.lot, 20),
        ]);
    }
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    format!("{}\r\n", cells.join(","))
}

/// Columns of a dose.
const COLUMNS: usize = 8;

fn cut(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}

/// A cell that no spreadsheet program takes for a formula (RFC 4180 quoting, and an apostrophe before `= + - @`).
pub(super) fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_no_formula_and_cannot_end_its_line() {
        assert_eq!(quoted("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(quoted("a,b\r\nc"), "\"a,b\r\nc\"");
        assert_eq!(quoted("会場"), "会場");
    }

    #[test]
    fn the_columns_are_those_of_the_ledger() {
        let heading = heading();
        let columns: Vec<&str> = heading.trim_end().split(',').collect();
        assert_eq!(columns.len(), 1 + MAXIMUM_DOSES * COLUMNS);
        let of_first =
            ["登録日時1", "接種日1", "券番号1", "市区町村コード1", "接種会場1", "医師1", "メーカー1", "ロット1"];
        assert_eq!(columns[..9], [&["宛名番号"][..], &of_first[..]].concat());
        let record = crate::store::contract::person("123456789018", 1);
        assert_eq!(line(&record).trim_end().split(',').count(), columns.len());
    }
}
