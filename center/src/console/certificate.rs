//! 接種証明: issue at the counter and by post, the passport read from its machine-readable zone.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{Html, Redirect, Response};
use maud::{Markup, html};
use ring::rand::SecureRandom as _;
use shared::domain::certificate::Form;
use shared::domain::identifiers::{IdempotencyKey, IssuanceId};

use super::fault::Fault;
use super::form::{Fields, Posted};
use super::page::{self, Item, place_name, select, table, token};
use super::records::{found_list, hex_key, search, search_form, sex};
use super::session::Visitor;
use super::{Console, approvals, blocking, purpose};
use crate::counter::{Application, Counter};
use crate::store::actor::{CaseNumber, Purpose};
use crate::store::approvals::Matter;
use crate::store::ledger::Sight;
use crate::vrs::mrz::{Field, Zone, ZoneError};

/// The search.
pub(super) async fn show(visitor: Visitor) -> Html<String> {
    let body = html! {
        p { "窓口または郵送での申請に対して、接種証明書を発行します。発行は履歴に登録され、旅券の情報はコンビニ交付にも使われます。" }
        (search_form(&visitor, "/certificate/find"))
    };
    page::page(&visitor, Item::Certificate, &body)
}

/// Persons that were found, or the form of the one who was chosen.
pub(super) async fn find(State(console): State<Arc<Console>>, posted: Posted) -> Result<Html<String>, Fault> {
    let Posted { visitor, fields } = posted;
    if fields.text("person").is_empty() {
        let found = search(&console, &visitor, &fields).await?;
        let body = found_list(&visitor, &fields, (&found, "/certificate/find", "選ぶ"));
        return Ok(page::page(&visitor, Item::Certificate, &body));
    }
    let (actor, person, purpose) = (visitor.actor.clone(), fields.person()?, fields.purpose()?);
    let seen = purpose.clone();
    let (sight, key) = blocking(&console, move |console| {
        let mut bits = [0; 16];
        console.center.random.fill(&mut bits).ok().ok_or(Fault::Internal)?;
        let sight = console.center.store.see(&actor, &person, &seen, console.now())?;
        Ok((sight, IdempotencyKey::from_random(bits)))
    })
    .await?;
    Ok(page::page(&visitor, Item::Certificate, &issue_form(&visitor, &sight, (&purpose, &key))))
}

/// What will be printed, and the questions that are left.
fn issue_form(visitor: &Visitor, sight: &Sight, (asked, key): (&Purpose, &IdempotencyKey)) -> Markup {
    let attributes = &sight.record.attributes;
    let own = visitor.actor.municipality();
    let rows: Vec<Vec<Markup>> = sight
        .record
        .doses
        .iter()
        .filter(|dose| Some(&dose.municipality) == own)
        .map(|dose| {
            let naming = dose.product.naming();
            vec![
                html! { (dose.number) "回目" },
                html! { (dose.date) },
                html! { (naming.japanese) },
                html! { (naming.maker_japanese) },
                html! { (dose.lot) },
            ]
        })
        .collect();
    let forms = [("domestic", "国内用"), ("overseas", "海外用及び日本国内用")];
    let forms: Vec<_> = forms.iter().map(|(value, text)| ((*value).to_owned(), (*text).to_owned())).collect();
    let copies: Vec<_> = (1..=5).map(|copies| (copies.to_string(), format!("{copies}部"))).collect();
    html! {
        h2 { "証明する内容" }
        p { (attributes.name) "　" (attributes.birth_date) "　" (sex(attributes.sex)) "　" (place_name(Some(&sight.record.residence))) }
        (table("この市区町村の接種記録", &["回数", "接種日", "ワクチン", "メーカー", "ロット"], &rows))
        p .hint { "誤りがあるときは、発行する前に照会・補正で直してください。" }
        form method="post" action="/certificate/issue" autocomplete="off" {
            (token(visitor))
            (purpose::carried(asked.reason.as_str(), asked.case.as_ref().map_or("", CaseNumber::as_str)))
            input type="hidden" name="person" value=(hex_key(&sight.person));
            input type="hidden" name="key" value=(key);
            div .row {
                (select("form", "種類", (&forms, "domestic")))
                (select("copies", "部数", (&copies, "1")))
            }
            div .field {
                label for="zone" { "旅券の機械読取領域（海外用のとき、2行）" }
                textarea #zone .zone name="zone" rows="2" cols="46" spellcheck="false" aria-describedby="zone-hint" {}
                p .hint #zone-hint { "旅券の写真のページの下にある、44文字の行を2行とも入力してください。検査数字で誤りを確かめます。" }
            }
            button type="submit" { "発行する" }
        }
    }
}

/// Issues.
pub(super) async fn issue(State(console): State<Arc<Console>>, posted: Posted) -> Result<Html<String>, Fault> {
    let Posted { visitor, fields } = posted;
    let actor = visitor.actor.clone();
    let issuance = blocking(&console, move |console| {
        let now = console.now();
        let application = application(console, &fields)?;
        let center = &console.center;
        let counter =
            Counter { store: center.store.as_ref(), workshop: center.issuer.workshop(), random: &center.random };
        Ok(counter.issue(&actor, &application, now)?)
    })
    .await?;
    let body = html! {
        p .notice role="status" { "発行しました。発行履歴に登録済みです。" }
        form method="post" action="/certificate/document" {
            (token(&visitor))
            input type="hidden" name="issuance" value=(issuance);
            button type="submit" { "印刷用の証明書を開く（PDF）" }
        }
        p .hint { "10分以内に印刷してください。後からの再印刷には、別の責任者の承認が必要です。" }
        p { a href="/certificate" { "次の申請へ" } }
    };
    Ok(page::page(&visitor, Item::Certificate, &body))
}

fn application(console: &Console, fields: &Fields) -> Result<Application, Fault> {
    let form = match fields.text("form") {
        "domestic" => Form::Domestic,
        "overseas" => Form::Overseas,
        _ => return Err(Fault::Malformed),
    };
    let person = fields.person()?;
    let passport = match form {
        Form::Domestic => None,
        Form::Overseas => {
            let zone = Zone::parse(fields.text("zone"), console.center.clock.today()).map_err(zone_words)?;
            let record = console.center.store.person(&person)?.ok_or(Fault::Malformed)?;
            if record.attributes.birth_date != zone.birth_date {
                return Err(Fault::Say("旅券の生年月日が記録と一致しません。別の人の旅券でないか確かめてください。"));
            }
            Some(zone.passport)
        }
    };
    Ok(Application {
        key: IdempotencyKey::parse(fields.text("key")).ok().ok_or(Fault::Malformed)?,
        person,
        form,
        copies: fields.text("copies").parse().ok().ok_or(Fault::Malformed)?,
        passport,
        purpose: fields.purpose()?,
    })
}

/// What to look at again.
const fn zone_words(error: ZoneError) -> Fault {
    Fault::Say(match error {
        ZoneError::Length => "機械読取領域は44文字の行が2行です。",
        ZoneError::Character => "機械読取領域に使えるのは、英大文字・数字・「<」だけです。",
        ZoneError::Document => "旅券ではない渡航文書です。",
        ZoneError::Check(Field::Number) => "旅券番号の検査数字が合いません。",
        ZoneError::Check(Field::Birth) => "生年月日の検査数字が合いません。",
        ZoneError::Check(Field::Expiry) => "有効期限の検査数字が合いません。",
        ZoneError::Check(Field::Optional) => "任意記入欄の検査数字が合いません。",
        ZoneError::Check(Field::Line) => "2行目全体の検査数字が合いません。",
        ZoneError::Date => "機械読取領域に存在しない日付があります。",
        ZoneError::Content => "旅券番号・氏名・国籍を読み取れません。",
    })
}

/// The document that was just issued.
pub(super) async fn document(State(console): State<Arc<Console>>, posted: Posted) -> Result<Response, Fault> {
    let Posted { visitor, fields } = posted;
    let issuance = IssuanceId::parse(fields.text("issuance")).ok().ok_or(Fault::Malformed)?;
    let document = blocking(&console, move |console| {
        Ok(console.center.store.counter_document(&visitor.actor, &issuance, console.now())?)
    });
    Ok(approvals::pdf(document.await?))
}

/// Asks for a document to be printed again.
pub(super) async fn request_reissue(State(console): State<Arc<Console>>, posted: Posted) -> Result<Redirect, Fault> {
    let Posted { visitor, fields } = posted;
    let issuance = IssuanceId::parse(fields.text("issuance")).ok().ok_or(Fault::Malformed)?;
    let purpose = fields.purpose()?;
    blocking(&console, move |console| {
        Ok(console.center.store.request(&visitor.actor, &Matter::Reissue { issuance }, &purpose, console.now())?)
    })
    .await?;
    Ok(Redirect::to("/approvals"))
}
