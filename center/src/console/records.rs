//! 照会・補正: a person is found for a reason, seen, corrected with history; two clerks at once are told.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{Html, Redirect};
use maud::{Markup, html};
use shared::domain::identifiers::{MyNumber, hex};
use shared::domain::person::Sex;
use shared::domain::vaccine::Product;
use shared::records::{CouponNumber, DoseRecord, PersonRecord, Restriction};

use super::fault::Fault;
use super::form::{Fields, Posted};
use super::moving::attribute_fields;
use super::page::{self, Item, input, place_name, select, table, token};
use super::session::Visitor;
use super::{Console, blocking, purpose, wording};
use crate::secrets::PersonKey;
use crate::store::actor::{AccessError, CaseNumber, Purpose, Reason};
use crate::store::approvals::Matter;
use crate::store::counter::CounterIssue;
use crate::store::ledger::{Correction, Issued, Query, Revision, Sight};
use crate::vrs::registration::visible_text;

mod amendment;
mod item;
mod past;

/// The search.
pub(super) async fn show(visitor: Visitor) -> Html<String> {
    page::page(&visitor, Item::Records, &search_form(&visitor, "/records/find"))
}

/// Three ways to find a person, each with its reason.
pub(super) fn search_form(visitor: &Visitor, action: &str) -> Markup {
    let part = |id: &str, title: &str, fields: &Markup| {
        html! {
            section aria-labelledby=(id) {
                h2 id=(id) { (title) }
                form method="post" action=(action) autocomplete="off" {
                    (token(visitor))
                    (fields)
                    (purpose_fields(id))
                    button type="submit" { "検索する" }
                }
            }
        }
    };
    html! {
        p { "検索と閲覧は、理由とともに監査記録に残ります。" }
        (part("by-number", "個人番号で探す", &input("my_number", "個人番号", ("text", "", "12桁。全角でも構いません"))))
        (part("by-attributes", "氏名・生年月日・性別で探す", &attribute_fields()))
        (part("by-coupon", "券番号で探す", &input("coupon", "券番号", ("text", "", "10桁"))))
    }
}

/// The purpose with ids of their own, since the page has three forms.
fn purpose_fields(form: &str) -> Markup {
    html! {
        div .row {
            div .field {
                label for=(format!("{form}-reason")) { "閲覧の理由" }
                select id=(format!("{form}-reason")) name="reason" required {
                    @for (value, text) in wording::reasons() { option value=(value) { (text) } }
                }
            }
            div .field {
                label for=(format!("{form}-case")) { "受付番号（任意）" }
                input id=(format!("{form}-case")) name="case" type="text" maxlength="20";
            }
        }
    }
}

/// What a form looks for.
pub(super) fn query_of(fields: &Fields) -> Result<Query, Fault> {
    if !fields.text("my_number").is_empty() {
        let digits = narrow_digits(fields.text("my_number"));
        let number =
            MyNumber::parse(&digits).ok().ok_or(Fault::Say("個人番号が正しくありません（12桁、検査用数字）。"))?;
        return Ok(Query::MyNumber(number));
    }
    if !fields.text("coupon").is_empty() {
        let digits = narrow_digits(fields.text("coupon"));
        return Ok(Query::Coupon(CouponNumber::parse(&digits).ok().ok_or(Fault::Say("券番号は10桁の数字です。"))?));
    }
    let name = fields.text("name");
    let birth_date = fields.date("birth_date").ok_or(Fault::Say("生年月日を確認してください。"))?;
    if name.is_empty() || visible_text(name, 100).is_none() {
        return Err(Fault::Say("氏名を入力してください。"));
    }
    Ok(Query::Attributes { name: name.to_owned(), birth_date, sex: sex_of(fields)? })
}

fn sex_of(fields: &Fields) -> Result<Sex, Fault> {
    match fields.text("sex") {
        "male" => Ok(Sex::Male),
        "female" => Ok(Sex::Female),
        "not-applicable" => Ok(Sex::NotApplicable),
        _ => Err(Fault::Malformed),
    }
}

/// Full-width digits are read alike.
pub(super) fn narrow_digits(text: &str) -> String {
    let narrow = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    text.chars().filter(|c| !c.is_whitespace() && *c != '-' && *c != '－').map(narrow).collect()
}

/// A person's key as forms carry it.
pub(super) fn hex_key(person: &PersonKey) -> String {
    hex(person.as_bytes())
}

/// Finds persons.
pub(super) async fn find(State(console): State<Arc<Console>>, posted: Posted) -> Result<Html<String>, Fault> {
    let Posted { visitor, fields } = posted;
    let found = search(&console, &visitor, &fields).await?;
    let body = found_list(&visitor, &fields, (&found, "/records/person", "開く"));
    Ok(page::page(&visitor, Item::Records, &body))
}

/// Searches with what a form says.
pub(super) async fn search(console: &Arc<Console>, visitor: &Visitor, fields: &Fields) -> Result<Vec<Sight>, Fault> {
    let (query, purpose, actor) = (query_of(fields)?, fields.purpose()?, visitor.actor.clone());
    blocking(console, move |console| Ok(console.center.store.find(&actor, &query, &purpose, console.now())?)).await
}

/// Persons that were found, each with a button.
pub(super) fn found_list(visitor: &Visitor, fields: &Fields, (found, action, label): (&[Sight], &str, &str)) -> Markup {
    let rows: Vec<Vec<Markup>> = found
        .iter()
        .map(|sight| {
            let attributes = &sight.record.attributes;
            vec![
                html! { (attributes.name) },
                html! { (attributes.birth_date) },
                html! { (sex(attributes.sex)) },
                html! { (place_name(Some(&sight.record.residence))) },
                html! { (sight.record.doses.len()) },
                html! {
                    form method="post" action=(action) {
                        (token(visitor))
                        (purpose::carried(fields.text("reason"), fields.text("case")))
                        input type="hidden" name="person" value=(hex_key(&sight.person));
                        button .small type="submit" aria-label=(format!("{}を{label}", attributes.name)) { (label) }
                    }
                },
            ]
        })
        .collect();
    html! {
        (table("検索結果", &["氏名", "生年月日", "性別", "住所地", "接種", "操作"], &rows))
        p { "他の市区町村だけに記録がある人は表示されません。" }
    }
}

pub(super) const fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "男",
        Sex::Female => "女",
        Sex::NotApplicable => "その他・不明",
    }
}

/// Everything that a person's page shows.
struct Whole {
    sight: Sight,
    history: Vec<Revision>,
    issued: Vec<Issued>,
    at_counter: Vec<CounterIssue>,
}

/// Shows a person.
pub(super) async fn person(State(console): State<Arc<Console>>, posted: Posted) -> Result<Html<String>, Fault> {
    let Posted { visitor, fields } = posted;
    let purpose = fields.purpose()?;
    let whole = whole(&console, &visitor, (fields.person()?, purpose.clone())).await?;
    Ok(page::page(&visitor, Item::Records, &person_page(&visitor, &whole, &purpose)))
}

async fn whole(
    console: &Arc<Console>,
    visitor: &Visitor,
    (person, purpose): (PersonKey, Purpose),
) -> Result<Whole, Fault> {
    let actor = visitor.actor.clone();
    blocking(console, move |console| {
        let store = &console.center.store;
        let sight = store.see(&actor, &person, &purpose, console.now())?;
        let history = store.history(&actor, &person)?;
        let issued = store.issued(&actor, &person)?;
        let at_counter = store.counter_issues(&actor, &person)?;
        Ok(Whole { sight, history, issued, at_counter })
    })
    .await
}

fn person_page(visitor: &Visitor, whole: &Whole, purpose: &Purpose) -> Markup {
    let record = &whole.sight.record;
    let lives_here = visitor.actor.municipality() == Some(&record.residence);
    html! {
        @if record.restrictions.contains(&Restriction::Protected) {
            p .notice role="status" { strong { "支援措置の対象です。" } " 取扱いに注意してください。端末では交付されません。" }
        }
        @if record.restrictions.contains(&Restriction::Held) {
            p .notice role="status" { strong { "確認のため保留中です。" } " 保留を解除するまで、証明書は交付されません。" }
        }
        (correction_form(visitor, &whole.sight, purpose))
        @if lives_here { (protection_form(visitor, &whole.sight)) }
        (past::issues(visitor, whole))
        (past::history(&whole.history))
    }
}

fn correction_form(visitor: &Visitor, sight: &Sight, purpose: &Purpose) -> Markup {
    let record = &sight.record;
    let attributes = &record.attributes;
    let number = record.address_number.clone().map(String::from).unwrap_or_default();
    let lives_here = visitor.actor.municipality() == Some(&record.residence);
    let next = record.doses.iter().map(|dose| dose.number).max().unwrap_or(0).saturating_add(1);
    html! {
        form method="post" action="/records/correct" autocomplete="off" {
            (token(visitor))
            (purpose::carried("correction", purpose.case.as_ref().map_or("", CaseNumber::as_str)))
            input type="hidden" name="person" value=(hex_key(&sight.person));
            input type="hidden" name="version" value=(sight.version);
            h2 { "基本事項" }
            p { "住所地：" (place_name(Some(&record.residence))) "　版：" (sight.version) }
            @if lives_here {
                div .row {
                    (input("name", "氏名", ("text", &attributes.name, "姓と名の間は全角空白")))
                    (input("birth_date", "生年月日", ("date", &attributes.birth_date.to_string(), "")))
                    (select("sex", "性別", (&sexes(), sex_value(attributes.sex))))
                }
                div .row {
                    (input("address", "住所", ("text", &attributes.address, "")))
                    (input("address_number", "宛名番号", ("text", &number, "15桁まで")))
                }
                div .tick {
                    input id="held" name="held" type="checkbox" value="yes" checked[record.restrictions.contains(&Restriction::Held)];
                    label for="held" { "確認のため保留する（証明書の交付を止めます）" }
                }
            } @else {
                p { (attributes.name) "　" (attributes.birth_date) "　" (sex(attributes.sex)) }
                p .hint { "他の市区町村の住民です。基本事項は補正できません。" }
            }
            h2 { "接種" }
            @for dose in &record.doses { (dose_fields(visitor, dose)) }
            fieldset {
                legend { "接種を追加する（" (next) "回目）" }
                input type="hidden" name="new" value=(next);
                (dose_inputs(next, None))
            }
            button type="submit" { "補正する" }
        }
    }
}

fn sexes() -> Vec<(String, String)> {
    [Sex::Male, Sex::Female, Sex::NotApplicable]
        .map(|known| (sex_value(known).to_owned(), sex(known).to_owned()))
        .into()
}

const fn sex_value(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "male",
        Sex::Female => "female",
        Sex::NotApplicable => "not-applicable",
    }
}

fn dose_fields(visitor: &Visitor, dose: &DoseRecord) -> Markup {
    let own = visitor.actor.municipality() == Some(&dose.municipality);
    html! {
        @if own {
            fieldset {
                legend { (dose.number) "回目" }
                (dose_inputs(dose.number, Some(dose)))
                div .tick {
                    input id=(format!("remove-{}", dose.number)) name=(format!("remove-{}", dose.number)) type="checkbox" value="yes";
                    label for=(format!("remove-{}", dose.number)) { "この接種を削除する" }
                }
            }
        } @else {
            p { (dose.number) "回目：" (dose.date) "　" (dose.product.naming().japanese) "　" (dose.lot)
                "　（" (place_name(Some(&dose.municipality))) "の記録）" }
        }
    }
}

fn dose_inputs(number: u8, dose: Option<&DoseRecord>) -> Markup {
    let field = |name: &str| format!("{name}-{number}");
    let products: Vec<_> = std::iter::once((String::new(), "選択してください".to_owned()))
        .chain(Product::ALL.iter().map(|product| {
            let name = product.naming().japanese.to_owned();
            (name.clone(), name)
        }))
        .collect();
    let text = |value: fn(&DoseRecord) -> &str| dose.map_or("", value);
    html! {
        div .row {
            (input(&field("date"), "接種日", ("date", &dose.map(|dose| dose.date.to_string()).unwrap_or_default(), "")))
            (select(&field("product"), "ワクチン", (&products, dose.map_or("", |dose| dose.product.naming().japanese))))
            (input(&field("lot"), "ロット番号", ("text", text(|dose| &dose.lot), "20文字まで")))
        }
        div .row {
            (input(&field("place"), "接種会場", ("text", text(|dose| &dose.place), "30文字まで")))
            (input(&field("doctor"), "医師", ("text", text(|dose| &dose.doctor), "20文字まで")))
            (input(&field("coupon"), "券番号", ("text", dose.and_then(|dose| dose.coupon.as_ref()).map_or("", CouponNumber::as_str), "10桁")))
        }
    }
}

fn protection_form(visitor: &Visitor, sight: &Sight) -> Markup {
    let protected = sight.record.restrictions.contains(&Restriction::Protected);
    html! {
        section aria-labelledby="protection" {
            h2 id="protection" { "支援措置" }
            form method="post" action="/records/protect" {
                (token(visitor))
                (purpose::carried("protection", ""))
                input type="hidden" name="person" value=(hex_key(&sight.person));
                input type="hidden" name="begin" value=(if protected { "no" } else { "yes" });
                button .careful type="submit" {
                    @if protected { "支援措置の終了を申請する" } @else { "支援措置の開始を申請する" }
                }
            }
            p .hint { "別の責任者の承認を受けてから効力が生じます。" }
        }
    }
}

/// Corrects a record.
pub(super) async fn correct(State(console): State<Arc<Console>>, posted: Posted) -> Result<Html<String>, Fault> {
    let Posted { visitor, fields } = posted;
    let (person, purpose) = (fields.person()?, fields.purpose()?);
    let version = fields.text("version").parse().ok().ok_or(Fault::Malformed)?;
    let (actor, wanted) = (visitor.actor.clone(), purpose.clone());
    let own = visitor.actor.municipality().cloned();
    blocking(&console, move |console| {
        let now = console.now();
        let amend = |record: &mut PersonRecord| {
            let own = own.as_ref().ok_or(AccessError::Forbidden)?;
            amendment::amend(record, &fields, (own, now))
        };
        let correction = Correction { person, version, amend: &amend, purpose: wanted };
        Ok(console.center.store.correct(&actor, &correction, now)?)
    })
    .await?;
    let seen = Purpose { reason: Reason::Correction, ..purpose };
    let whole = whole(&console, &visitor, (person, seen.clone())).await?;
    let body = html! {
        p .notice role="status" { "補正しました。次の交付から反映されます。" }
        (person_page(&visitor, &whole, &seen))
    };
    Ok(page::page(&visitor, Item::Records, &body))
}

/// Asks for protective measures, or for their end.
pub(super) async fn request_protection(State(console): State<Arc<Console>>, posted: Posted) -> Result<Redirect, Fault> {
    let Posted { visitor, fields } = posted;
    let (person, purpose) = (fields.person()?, fields.purpose()?);
    let matter = if fields.text("begin") == "yes" { Matter::Protect { person } } else { Matter::Unprotect { person } };
    blocking(&console, move |console| {
        Ok(console.center.store.request(&visitor.actor, &matter, &purpose, console.now())?)
    })
    .await?;
    Ok(Redirect::to("/approvals"))
}
