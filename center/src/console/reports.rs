//! 報告: what was issued, who takes part, what chains owe, how records were used; as page, CSV and PDF.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse as _, Response};
use maud::{Markup, html};

use super::chart::{Bar, bars};
use super::export::{BOM, quoted};
use super::fault::Fault;
use super::page::{self, Item, place_name, table};
use super::session::Visitor;
use super::{Console, blocking};
use crate::store::actor::{Act, Actor};
use crate::vrs::statistics::FiscalYear;

mod contents;
pub(super) mod model;
mod pdf;

use model::Report;
use pdf::ReportPress;

/// A report that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Issues,
    Kinds,
    Participation,
    Settlement,
    Assessments,
    Uses,
}

/// How it is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Page,
    Csv,
    Pdf,
}

impl Kind {
    const ALL: [Self; 6] =
        [Self::Issues, Self::Kinds, Self::Participation, Self::Settlement, Self::Assessments, Self::Uses];

    /// Its name in addresses, and what it is called.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Issues => ("issues", "接種証明書の交付件数"),
            Self::Kinds => ("kinds", "種類別・年度別の交付通数"),
            Self::Participation => ("participation", "コンビニ交付の参加状況"),
            Self::Settlement => ("settlement", "コンビニ事業者別の精算"),
            Self::Assessments => ("assessments", "特定個人情報保護評価の実施状況"),
            Self::Uses => ("uses", "特定個人情報の利用記録"),
        }
    }

    /// Whether it is offered; the store decides again.
    fn is_for(self, actor: &Actor) -> bool {
        match self {
            Self::Issues => actor.may(Act::SeeNation) || actor.may(Act::RepresentMunicipality),
            Self::Kinds | Self::Participation | Self::Settlement | Self::Assessments => actor.may(Act::SeeNation),
            Self::Uses => actor.may(Act::RepresentMunicipality),
        }
    }

    /// Whether it is of one year.
    const fn is_yearly(self) -> bool {
        matches!(self, Self::Settlement | Self::Uses)
    }
}

/// The list of reports.
pub(super) async fn show(State(console): State<Arc<Console>>, visitor: Visitor) -> Html<String> {
    let this_year = FiscalYear::of(console.center.clock.today());
    let body = html! {
        p { "表のほか、CSV（表計算用）とPDF（印刷用）で取り出せます。年度は4月から翌年3月までです。" }
        @for kind in Kind::ALL.into_iter().filter(|kind| kind.is_for(&visitor.actor)) {
            @let (name, title) = kind.words();
            section aria-labelledby=(name) {
                h2 id=(name) { (title) }
                ul .plain {
                    @if kind.is_yearly() {
                        @for year in this_year.since_first().rev() { li { (links(kind, Some(year))) } }
                    } @else {
                        li { (links(kind, None)) }
                    }
                }
            }
        }
    };
    page::page(&visitor, Item::Reports, &body)
}

fn links(kind: Kind, year: Option<FiscalYear>) -> Markup {
    let (name, title) = kind.words();
    let title = year.map_or_else(|| title.to_owned(), |year| format!("{title} {}", year.japanese()));
    let address = |end: &str| {
        let year = year.map(|year| format!("?year={}", year.number())).unwrap_or_default();
        format!("/reports/{name}{end}{year}")
    };
    html! {
        a href=(address("")) { (title) } "　"
        a href=(address(".csv")) aria-label=(format!("{title} CSV")) { "CSV" } "　"
        a href=(address(".pdf")) aria-label=(format!("{title} PDF")) { "PDF" }
    }
}

/// One report.
pub(super) async fn file(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(name): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Fault> {
    let (stem, format) = match name.rsplit_once('.') {
        None => (name.as_str(), Format::Page),
        Some((stem, "csv")) => (stem, Format::Csv),
        Some((stem, "pdf")) => (stem, Format::Pdf),
        Some(_) => return Err(Fault::NotFound),
    };
    let kind = Kind::ALL.into_iter().find(|kind| kind.words().0 == stem).ok_or(Fault::NotFound)?;
    let this_year = FiscalYear::of(console.center.clock.today());
    let year = match query.get("year") {
        None => this_year,
        Some(year) => year.parse().ok().and_then(FiscalYear::new).ok_or(Fault::NotFound)?,
    };
    let actor = visitor.actor.clone();
    let report = blocking(&console, move |console| drawn_up(console, &actor, (kind, year))).await?;
    match format {
        Format::Page => {
            let year = kind.is_yearly().then_some(year);
            let body = html! { p { (links(kind, year)) } (shown(&report)) };
            Ok(page::page(&visitor, Item::Reports, &body).into_response())
        }
        Format::Csv => Ok(attached("text/csv; charset=utf-8", &name, csv(&report).into_bytes())),
        Format::Pdf => {
            let document = blocking(&console, move |console| printed(console, &report)).await?;
            Ok(attached("application/pdf", &name, document))
        }
    }
}

/// The report from what the store counts; the store refuses what the actor may not see.
fn drawn_up(console: &Console, actor: &Actor, (kind, year): (Kind, FiscalYear)) -> Result<Report, Fault> {
    let store = &console.center.store;
    let years = || {
        let years = FiscalYear::of(console.center.clock.today()).since_first();
        years.map(|year| Ok((year, store.issues(actor, year.period())?))).collect::<Result<Vec<_>, Fault>>()
    };
    Ok(match kind {
        Kind::Issues => contents::issues(&years()?, &place_name(actor.municipality())),
        Kind::Kinds if !actor.may(Act::SeeNation) => return Err(crate::store::actor::AccessError::Forbidden.into()),
        Kind::Kinds => contents::kinds(&years()?),
        Kind::Participation => contents::participation(&store.participants(actor)?),
        Kind::Settlement => contents::settlement(year, &store.settlement(actor, year.period())?),
        Kind::Assessments => contents::assessments(&store.participants(actor)?),
        Kind::Uses => contents::uses(year, &store.number_uses(actor, year.period())?),
    })
}

/// A report as a page shows it.
pub(super) fn shown(report: &Report) -> Markup {
    html! {
        h2 { (report.title) }
        @for note in &report.notes { p { (note) } }
        @for part in &report.tables {
            @if !part.bars.is_empty() { (bars(&part.caption, &part.bars.iter().map(Bar::from).collect::<Vec<_>>())) }
            @let heads: Vec<&str> = part.heads.iter().map(String::as_str).collect();
            @let rows: Vec<Vec<Markup>> = part.rows.iter().map(|row| row.iter().map(|cell| html! { (cell) }).collect()).collect();
            (table(&part.caption, &heads, &rows))
        }
    }
}

/// A report on paper.
pub(super) fn printed(console: &Console, report: &Report) -> Result<Vec<u8>, Fault> {
    ReportPress::new(console.center.report_typeface.clone()).print(report).map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "a report was not printed");
        Fault::Internal
    })
}

/// Every table under its caption, an empty line between two.
fn csv(report: &Report) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        format!("{}\r\n", cells.join(","))
    };
    let tables = report.tables.iter().map(|part| {
        let rows: String = part.rows.iter().map(|row| line(row)).collect();
        format!("{}{}{rows}", line(std::slice::from_ref(&part.caption)), line(&part.heads))
    });
    format!("{BOM}{}", tables.collect::<Vec<_>>().join("\r\n"))
}

/// A file that the browser keeps.
pub(super) fn attached(media_type: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response()
}
