//! 接種状況: figures of the municipality with charts; for operators of the nation, who takes part.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use maud::{Markup, html};

use super::chart::{Bar, bars, grouped};
use super::fault::Fault;
use super::page::{self, Item, table};
use super::session::Visitor;
use super::{Console, blocking};
use crate::store::actor::Act;
use crate::store::ledger::Figures;

/// The figures.
pub(super) async fn show(State(console): State<Arc<Console>>, visitor: Visitor) -> Result<Html<String>, Fault> {
    let actor = visitor.actor.clone();
    let body = if visitor.actor.may(Act::WorkWithRecords) {
        let figures = blocking(&console, move |console| {
            Ok(console.center.store.figures(&actor, console.center.clock.today())?)
        })
        .await?;
        municipal(&figures)
    } else {
        let taking_part =
            blocking(&console, |console| Ok(console.center.store.participating_municipalities()?)).await?;
        national(taking_part)
    };
    Ok(page::page(&visitor, Item::Status, &body))
}

fn national(taking_part: u64) -> Markup {
    let all = shared::domain::municipality::all().count() as u64;
    html! {
        (tiles(&[("コンビニ交付に参加する市区町村", taking_part), ("全市区町村", all)]))
        p { "個人の記録は、国の運用担当からは閲覧できません。" }
    }
}

fn municipal(figures: &Figures) -> Markup {
    let doses: Vec<Bar> = (1..)
        .zip(&figures.by_dose)
        .map(|(number, count): (u8, &u64)| Bar { label: format!("{number}回目"), count: *count })
        .collect();
    let months: Vec<Bar> =
        figures.by_month.iter().map(|(month, count)| Bar { label: month.clone(), count: *count }).collect();
    let products: Vec<Bar> =
        figures.by_product.iter().map(|(name, count)| Bar { label: (*name).to_owned(), count: *count }).collect();
    let ages: Vec<Vec<Markup>> = figures
        .by_age
        .iter()
        .map(|(group, persons, twice)| {
            let share = if *persons == 0 { "－".to_owned() } else { format!("{}%", twice * 100 / persons) };
            vec![html! { (group) "歳" }, html! { (grouped(*persons)) }, html! { (grouped(*twice)) }, html! { (share) }]
        })
        .collect();
    html! {
        (tiles(&[
            ("登録のある住民", figures.residents),
            ("登録した接種", figures.by_dose.iter().sum()),
            ("保留中の記録", figures.held),
            ("支援措置", figures.protected),
        ]))
        (charted("回数別の接種数", "回数", &doses))
        (charted("月別の接種数", "月", &months))
        (charted("ワクチン別の接種数", "ワクチン", &products))
        h2 { "年齢別" }
        (table("住民の年齢別：2回以上接種した人", &["年齢", "人数", "2回以上", "割合"], &ages))
    }
}

fn charted(title: &str, head: &str, counts: &[Bar]) -> Markup {
    let rows: Vec<Vec<Markup>> =
        counts.iter().map(|bar| vec![html! { (bar.label) }, html! { (grouped(bar.count)) }]).collect();
    html! {
        section {
            h2 { (title) }
            @if counts.is_empty() { p { "まだありません。" } } @else {
                (bars(title, counts))
                details { summary { "表で見る" } (table(title, &[head, "接種数"], &rows)) }
            }
        }
    }
}

fn tiles(counts: &[(&str, u64)]) -> Markup {
    html! {
        dl .tiles {
            @for (label, count) in counts { div { dt { (label) } dd { (grouped(*count)) } } }
        }
    }
}
