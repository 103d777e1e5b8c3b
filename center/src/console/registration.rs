//! データ登録: a file or a single entry is shown first, each bad line explained; nothing is taken until confirmed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::{Multipart, State};
use axum::http::HeaderMap;
use axum::response::Html;
use jiff::Timestamp;
use maud::{Markup, html};
use ring::rand::SecureRandom as _;
use shared::domain::identifiers::hex;
use shared::domain::vaccine::Product;
use shared::records::AccountId;

use super::csv_file::{self, COLUMNS, FileFault, Preview, Reading};
use super::fault::Fault;
use super::form::{Posted, TOKEN_FIELD, check_origin, check_token};
use super::page::{self, Item, input, table, token};
use super::session::Visitor;
use super::{Console, blocking, wording};
use crate::store::LineProblem;
use crate::store::actor::Act;
use crate::store::ledger::{Registered, Registration};

/// The most bytes of a file.
pub(super) const MAXIMUM_FILE_BYTES: usize = 256 * 1024 * 1024;

/// Files that wait to be confirmed, all municipalities together.
const MAXIMUM_STAGED: usize = 8;

/// How long one waits.
const STAGED_SECONDS: i64 = 30 * 60;

/// Persons in one transaction.
const BATCH: usize = 500;

/// Files that were shown and not confirmed yet: in memory only, gone after half an hour.
#[derive(Default)]
pub(super) struct Staged(Mutex<HashMap<String, StagedFile>>);

struct StagedFile {
    account: AccountId,
    at: Timestamp,
    registrations: Vec<Registration>,
}

shared::hidden_debug!(Staged);

impl Staged {
    fn keep(&self, id: String, file: StagedFile) -> Result<(), Fault> {
        let mut staged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = file.at;
        // One file an account: a newer one replaces it.
        staged.retain(|_, other| {
            other.account != file.account && now.duration_since(other.at).as_secs() <= STAGED_SECONDS
        });
        if staged.len() >= MAXIMUM_STAGED {
            return Err(Fault::Busy);
        }
        staged.insert(id, file);
        Ok(())
    }

    fn take(&self, id: &str, account: &AccountId, now: Timestamp) -> Option<Vec<Registration>> {
        let mut staged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits =
            |file: &StagedFile| file.account == *account && now.duration_since(file.at).as_secs() <= STAGED_SECONDS;
        if !staged.get(id).is_some_and(fits) {
            return None;
        }
        staged.remove(id).map(|file| file.registrations)
    }
}

/// The page.
pub(super) async fn show(visitor: Visitor) -> Html<String> {
    let products = Product::ALL.map(|product| product.naming().japanese).join("、");
    let body = html! {
        p { "登録する前に内容を確認できます。確認の画面で「登録する」を押すまで、何も登録されません。" }
        section aria-labelledby="file-part" {
            h2 id="file-part" { "CSVファイルで登録" }
            form method="post" action="/registration/file" enctype="multipart/form-data" {
                (token(&visitor))
                div .field {
                    label for="file" { "ファイル（UTF-8またはShift_JIS、1行目は見出し）" }
                    input id="file" name="file" type="file" accept=".csv,text/csv" required;
                }
                button type="submit" { "内容を確認する" }
            }
            details {
                summary { "列の並び" }
                p { (COLUMNS.join("，")) }
                p { "接種1回につき1行。接種回数から後ろを空欄にすると、人だけを登録します。ワクチン：" (products) }
            }
        }
        section aria-labelledby="single-part" {
            h2 id="single-part" { "1件ずつ登録" }
            form method="post" action="/registration/single" autocomplete="off" {
                (token(&visitor))
                div .grid {
                    @for (place, column) in COLUMNS.iter().enumerate() {
                        (input(&format!("column-{place}"), column, ("text", "", hint(column))))
                    }
                }
                button type="submit" { "内容を確認する" }
            }
        }
    };
    page::page(&visitor, Item::Registration, &body)
}

fn hint(column: &str) -> &'static str {
    match column {
        "生年月日" | "接種日" => "例：2021-07-01",
        "性別" => "1（男）、2（女）、9（その他・不明）",
        "市区町村コード" => "空欄なら自分の市区町村",
        _ => "",
    }
}

/// Reads a file and shows what is in it.
pub(super) async fn stage(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    headers: HeaderMap,
    mut form: Multipart,
) -> Result<Html<String>, Fault> {
    check_origin(&headers)?;
    let mut checked = false;
    while let Some(field) = form.next_field().await.ok().ok_or(Fault::Malformed)? {
        match field.name() {
            Some(TOKEN_FIELD) => {
                let text = field.text().await.ok().ok_or(Fault::Malformed)?;
                check_token(&visitor, &text)?;
                checked = true;
            }
            // The token comes first: nothing is read for a stranger.
            Some("file") if checked => {
                let bytes = field.bytes().await.ok().ok_or(Fault::Say("ファイルが大きすぎます（256MBまで）。"))?;
                return preview(&console, visitor, bytes).await;
            }
            Some(_) | None => {}
        }
    }
    Err(Fault::ForeignForm)
}

/// Reads a single entry as a file of one line.
pub(super) async fn stage_single(State(console): State<Arc<Console>>, posted: Posted) -> Result<Html<String>, Fault> {
    let Posted { visitor, fields } = posted;
    let mut writer = csv::Writer::from_writer(Vec::new());
    let cells: Vec<&str> =
        (0..COLUMNS.len()).map(|place| fields.text(COLUMN_FIELDS.get(place).copied().unwrap_or(""))).collect();
    let written = writer.write_record(COLUMNS).and_then(|()| writer.write_record(&cells));
    let bytes = written.ok().and_then(|()| writer.into_inner().ok()).ok_or(Fault::Internal)?;
    preview(&console, visitor, Bytes::from(bytes)).await
}

/// The fields of the single entry, one a column.
const COLUMN_FIELDS: [&str; COLUMNS.len()] = [
    "column-0",
    "column-1",
    "column-2",
    "column-3",
    "column-4",
    "column-5",
    "column-6",
    "column-7",
    "column-8",
    "column-9",
    "column-10",
    "column-11",
    "column-12",
    "column-13",
];

async fn preview(console: &Arc<Console>, visitor: Visitor, bytes: Bytes) -> Result<Html<String>, Fault> {
    let actor = visitor.actor.clone();
    let (preview, id) = blocking(console, move |console| {
        let municipality = actor.acting_for(Act::WorkWithRecords)?;
        let now = console.now();
        let mut preview = csv_file::read(&bytes, Reading { municipality, now }).map_err(|fault| {
            Fault::Say(match fault {
                FileFault::Encoding => "文字コードを判別できません。UTF-8またはShift_JISで保存してください。",
                FileFault::Columns => "1行目の見出しが違います。列の並びを確認してください。",
                FileFault::Empty => "見出しの後に行がありません。",
            })
        })?;
        let mut bits = [0; 16];
        console.center.random.fill(&mut bits).ok().ok_or(Fault::Internal)?;
        let id = hex(&bits);
        let registrations = std::mem::take(&mut preview.registrations);
        let count = registrations.len();
        let account = actor.account().clone();
        console.staged.keep(id.clone(), StagedFile { account, at: now, registrations })?;
        Ok(((preview, count), id))
    })
    .await?;
    let (preview, persons) = preview;
    Ok(page::page(&visitor, Item::Registration, &preview_page(&visitor, (&preview, persons), &id)))
}

fn preview_page(visitor: &Visitor, (preview, persons): (&Preview, usize), id: &str) -> Markup {
    let rows: Vec<Vec<Markup>> = preview
        .told
        .iter()
        .map(|bad| {
            let column = if bad.column.is_empty() { "行全体" } else { bad.column };
            vec![html! { (bad.line) }, html! { (column) }, html! { (bad.words) }]
        })
        .collect();
    html! {
        p role="status" {
            "文字コード：" (preview.encoding) "。" (preview.lines) "行を読み、登録できるのは" strong { (persons) "人" } "分、誤りのある行は"
            strong { (preview.bad) "行" } "です。まだ何も登録されていません。"
        }
        @if preview.bad > 0 {
            (table("誤りのある行", &["行", "列", "内容"], &rows))
            @if preview.bad > preview.told.len() as u64 { p { "ほかにもあります。最初の" (preview.told.len()) "行を表示しています。" } }
        }
        @if persons > 0 {
            form method="post" action="/registration/confirm" {
                (token(visitor))
                input type="hidden" name="staged" value=(id);
                button type="submit" {
                    @if preview.bad > 0 { "誤りのある行を除いて登録する" } @else { "登録する" }
                }
            }
        }
        p { a href="/registration" { "やめて選び直す" } }
    }
}

/// Takes what was shown.
pub(super) async fn confirm(State(console): State<Arc<Console>>, posted: Posted) -> Result<Html<String>, Fault> {
    let Posted { visitor, fields } = posted;
    let (actor, id) = (visitor.actor.clone(), fields.text("staged").to_owned());
    let registered = blocking(&console, move |console| {
        let now = console.now();
        let staged = console.staged.take(&id, actor.account(), now);
        let mut staged = staged.ok_or(Fault::Say("確認から時間がたちました。もう一度ファイルを選んでください。"))?;
        let mut total = Registered::default();
        while !staged.is_empty() {
            let batch: Vec<Registration> = staged.drain(..staged.len().min(BATCH)).collect();
            let part = console.center.store.register(&actor, batch, now)?;
            total.added += part.added;
            total.changed += part.changed;
            total.unchanged += part.unchanged;
            total.problems.extend(part.problems);
        }
        Ok(total)
    })
    .await?;
    Ok(page::page(&visitor, Item::Registration, &result_page(&registered)))
}

fn result_page(registered: &Registered) -> Markup {
    let rows: Vec<Vec<Markup>> = registered
        .problems
        .iter()
        .take(200)
        .map(|LineProblem { line, problem }| vec![html! { (line) }, html! { (wording::rule(problem)) }])
        .collect();
    html! {
        p .notice role="status" {
            "登録しました。新規" (registered.added) "人、更新" (registered.changed) "人、変更なし" (registered.unchanged) "人。"
        }
        @if !registered.problems.is_empty() { (table("登録できなかった行", &["行", "理由"], &rows)) }
        p { a href="/registration" { "続けて登録する" } }
    }
}
