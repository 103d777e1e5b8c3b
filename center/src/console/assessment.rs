//! 保護評価: the threshold judgement with its whole table, the judgements so far, and the basic sheet as a form.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{Html, Redirect, Response};
use maud::{Markup, html};

use super::fault::Fault;
use super::form::Posted;
use super::page::{self, Item, moment, place_name, table, token};
use super::reports::model::{Report, Table};
use super::reports::{attached, printed};
use super::session::Visitor;
use super::{Console, blocking, wording};
use crate::console::chart::grouped;
use crate::store::assessment::{Judgement, MAXIMUM_TEXT, SavedSheet, Sheet, SheetField};
use crate::store::terms::{Assessment, Profile};
use crate::vrs::impact::{self, Figures, Incident, Row};

/// The most bytes of the sheet's form: each character of a full field may take four bytes, written as three each.
pub(super) const MAXIMUM_FORM_BYTES: usize = SheetField::ALL.len() * MAXIMUM_TEXT * 12 + 4096;

/// What the page shows.
struct Whole {
    profile: Profile,
    judgements: Vec<Judgement>,
    saved: Option<SavedSheet>,
}

async fn whole(console: &Arc<Console>, visitor: &Visitor) -> Result<Whole, Fault> {
    let actor = visitor.actor.clone();
    blocking(console, move |console| {
        let store = &console.center.store;
        let municipality = actor.municipality().ok_or(Fault::NotFound)?;
        Ok(Whole {
            judgements: store.judgements(&actor)?,
            saved: store.sheet(&actor)?,
            profile: store.profile(municipality)?,
        })
    })
    .await
}

/// The page.
pub(super) async fn show(State(console): State<Arc<Console>>, visitor: Visitor) -> Result<Html<String>, Fault> {
    let whole = whole(&console, &visitor).await?;
    let figures = Figures::from(&whole.profile);
    let duty = impact::judge(&figures);
    let body = html! {
        p { "しきい値判断の結果：" strong { (wording::duty(duty)) } }
        @if is_outdated(&whole) {
            p .notice role="status" { "前回の判断より重い評価が必要になりました。評価をやり直し、終わったら利用規約の画面で「実施済み」にしてください。" }
        }
        p { "対象人数・取扱者数・重大事故は " a href="/terms" { "利用規約" } " の画面で登録します。数値が境目を越えると、そのたびに判断し直します。" }
        @if duty.is_binding() { ul { @for task in duty.tasks() { li { (wording::task(*task)) } } } }
        (threshold_table(&figures))
        (judgement_table(&whole.judgements))
        (sheet_form(&visitor, whole.saved.as_ref()))
        p { a href="/assessment.pdf" { "評価書を印刷する（PDF）" } }
    };
    Ok(page::page(&visitor, Item::Assessment, &body))
}

/// Whether a heavier assessment is asked for than the one that was done before.
fn is_outdated(whole: &Whole) -> bool {
    match whole.judgements.as_slice() {
        [last, former, ..] => last.duty > former.duty && whole.profile.assessment != Assessment::Done,
        _ => false,
    }
}

/// The commission's table, the row that applies marked.
fn threshold_table(figures: &Figures) -> Markup {
    let rows: Vec<Vec<Markup>> = impact::TABLE
        .iter()
        .map(|row| {
            let applies = row.applies(figures);
            let cells = threshold_cells(row);
            let cells = cells.into_iter().map(|cell| html! { @if applies { strong { (cell) } } @else { (cell) } });
            cells.chain([html! { @if applies { strong { "● 該当" } } }]).collect()
        })
        .collect();
    table("しきい値判断の表", &["対象人数", "取扱者500人以上、または1年以内の重大事故", "結果", "この市区町村"], &rows)
}

fn threshold_cells(row: &Row) -> [String; 3] {
    let persons = match row.until {
        Some(until) => format!("{}人以上 {}人未満", grouped(row.from), grouped(until)),
        None => format!("{}人以上", grouped(row.from)),
    };
    let aggravated = match row.aggravated {
        None => "問わない",
        Some(true) => "どちらかに当たる",
        Some(false) => "どちらにも当たらない",
    };
    [persons, aggravated.to_owned(), wording::duty(row.duty).to_owned()]
}

const fn incident(incident: Incident) -> &'static str {
    match incident {
        Incident::Happened => "あり",
        Incident::None => "なし",
    }
}

fn judgement_table(judgements: &[Judgement]) -> Markup {
    let rows: Vec<Vec<Markup>> = judgements
        .iter()
        .map(|judgement| {
            vec![
                moment(judgement.at),
                html! { (grouped(judgement.figures.subjects)) },
                html! { (grouped(judgement.figures.handlers)) },
                html! { (incident(judgement.figures.incident)) },
                html! { (wording::duty(judgement.duty)) },
                html! { (judgement.by) },
            ]
        })
        .collect();
    table(
        "これまでの判断（結果が変わったとき）",
        &["日時", "対象人数", "取扱者数", "重大事故", "結果", "登録した人"],
        &rows,
    )
}

/// The sections of the sheet with their fields.
const SECTIONS: [(&str, &[SheetField]); 6] = [
    ("1. 特定個人情報ファイルを取り扱う事務", &[SheetField::Task, SheetField::Outline, SheetField::Systems]),
    ("2. 特定個人情報ファイル", &[SheetField::Files]),
    ("3. 個人番号の利用と情報連携", &[SheetField::LegalBasis, SheetField::Sharing]),
    ("4. 担当部署", &[SheetField::Department, SheetField::Head, SheetField::Others]),
    ("5. 請求・問合せと計数の時点", &[SheetField::Requests, SheetField::Inquiries, SheetField::CountedOn]),
    (
        "6. リスク対策",
        &[
            SheetField::Acquisition,
            SheetField::Use,
            SheetField::Entrustment,
            SheetField::Transfer,
            SheetField::Security,
            SheetField::Training,
        ],
    ),
];

/// A field's name in forms, and what it is called.
const fn words(field: SheetField) -> (&'static str, &'static str) {
    match field {
        SheetField::Task => ("task", "事務の名称"),
        SheetField::Outline => ("outline", "事務の概要"),
        SheetField::Systems => ("systems", "システムの名称"),
        SheetField::Files => ("files", "特定個人情報ファイル名"),
        SheetField::LegalBasis => ("legal-basis", "個人番号を利用する法令上の根拠"),
        SheetField::Sharing => ("sharing", "情報提供ネットワークによる連携の有無と根拠"),
        SheetField::Department => ("department", "担当部署"),
        SheetField::Head => ("head", "所属長の役職名"),
        SheetField::Others => ("others", "他の評価実施機関"),
        SheetField::Requests => ("requests", "開示・訂正・利用停止の請求先"),
        SheetField::Inquiries => ("inquiries", "取扱いに関する問合せ先"),
        SheetField::CountedOn => ("counted-on", "対象人数・取扱者数を数えた時点"),
        SheetField::Acquisition => ("acquisition", "入手のときの対策"),
        SheetField::Use => ("use", "使用のときの対策"),
        SheetField::Entrustment => ("entrustment", "委託するときの対策"),
        SheetField::Transfer => ("transfer", "提供・移転のときの対策"),
        SheetField::Security => ("security", "保管・消去と漏えい防止の対策"),
        SheetField::Training => ("training", "従業者の教育と監査"),
    }
}

fn sheet_form(visitor: &Visitor, saved: Option<&SavedSheet>) -> Markup {
    let empty = Sheet::default();
    let sheet = saved.map_or(&empty, |saved| &saved.sheet);
    html! {
        h2 { "基礎項目評価書" }
        @if let Some(saved) = saved { p .meta { "最終保存 " (moment(saved.at)) "　" (saved.by) } }
        p { "未記入の項目：" (sheet.missing().count()) }
        form method="post" action="/assessment/sheet" {
            (token(visitor))
            @for (title, fields) in SECTIONS {
                fieldset {
                    legend { (title) }
                    @for field in fields {
                        @let (name, label) = words(*field);
                        div .field {
                            label for=(name) { (label) }
                            textarea id=(name) name=(name) rows="2" maxlength="1000" { (sheet.text(*field)) }
                        }
                    }
                }
            }
            button type="submit" { "評価書を保存する" }
        }
    }
}

/// Saves the sheet.
pub(super) async fn save(State(console): State<Arc<Console>>, posted: Posted) -> Result<Redirect, Fault> {
    let Posted { visitor, fields } = posted;
    let mut sheet = Sheet::default();
    for field in SheetField::ALL {
        sheet.write(field, fields.text(words(field).0))?;
    }
    blocking(&console, move |console| Ok(console.center.store.save_sheet(&visitor.actor, &sheet, console.now())?))
        .await?;
    Ok(Redirect::to("/assessment"))
}

/// The sheet on paper.
pub(super) async fn document(State(console): State<Arc<Console>>, visitor: Visitor) -> Result<Response, Fault> {
    let whole = whole(&console, &visitor).await?;
    let report = paper(&whole, &place_name(visitor.actor.municipality()));
    let document = blocking(&console, move |console| printed(console, &report)).await?;
    Ok(attached("application/pdf", "assessment.pdf", document))
}

fn paper(whole: &Whole, place: &str) -> Report {
    let empty = Sheet::default();
    let sheet = whole.saved.as_ref().map_or(&empty, |saved| &saved.sheet);
    let figures = Figures::from(&whole.profile);
    let duty = impact::judge(&figures);
    let sections = SECTIONS.iter().map(|(title, fields)| {
        let row = |field: &SheetField| vec![words(*field).1.to_owned(), sheet.text(*field).to_owned()];
        Table::new(title, &["項目", "内容"], fields.iter().map(row).collect())
    });
    let counted = vec![
        vec!["対象人数".to_owned(), grouped(figures.subjects)],
        vec!["取扱者数".to_owned(), grouped(figures.handlers)],
        vec!["1年以内の重大事故".to_owned(), incident(figures.incident).to_owned()],
        vec!["判断の結果".to_owned(), wording::duty(duty).to_owned()],
    ];
    let rows = impact::TABLE.iter().map(|row| {
        let mark = if row.applies(&figures) { "該当" } else { "" };
        threshold_cells(row).into_iter().chain([mark.to_owned()]).collect()
    });
    let threshold = Table::new(
        "しきい値判断の表",
        &["対象人数", "取扱者500人以上、または1年以内の重大事故", "結果", ""],
        rows.collect(),
    );
    let judged = Table::new("しきい値判断項目と結果", &["項目", "値"], counted);
    Report {
        title: format!("特定個人情報保護評価書（基礎項目評価書）　{place}"),
        notes: whole
            .saved
            .iter()
            .map(|saved| {
                let day = shared::clock::japan(saved.at).strftime("%Y年%-m月%-d日").to_string();
                format!("最終保存 {day}　{}", saved.by)
            })
            .collect(),
        tables: sections.chain([judged, threshold]).collect(),
    }
}
