//! 利用規約: each document with its text and its own button, what the consents open, and what is missing.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{Html, Redirect};
use maud::{Markup, html};
use shared::records::{Agreement, TermsDocument};

use super::fault::Fault;
use super::form::Posted;
use super::page::{self, Item, input, moment, table, token};
use super::session::Visitor;
use super::wording;
use super::{Console, blocking};
use crate::store::SwitchPosition;
use crate::store::actor::Act;
use crate::store::terms::{Agreements, Assessment, Consent, Profile};
use crate::vrs::impact::{self, Figures};
use crate::vrs::openings::{Opening, openings};

/// The page.
pub(super) async fn show(State(console): State<Arc<Console>>, visitor: Visitor) -> Result<Html<String>, Fault> {
    let actor = visitor.actor.clone();
    let (agreements, consents, profile) = blocking(&console, move |console| {
        let store = &console.center.store;
        let municipality = actor.municipality().ok_or(Fault::NotFound)?;
        Ok((store.agreements(municipality)?, store.consents(&actor)?, store.profile(municipality)?))
    })
    .await?;
    let body = html! {
        (openings_table(&openings(&agreements, &profile)))
        @for document in TermsDocument::ALL { (document_part(&visitor, document, &agreements)) }
        (suspension(&visitor, &agreements))
        (profile_part(&visitor, &profile))
        (history(&consents))
    };
    Ok(page::page(&visitor, Item::Terms, &body))
}

/// What is open and what is missing.
fn openings_table(openings: &[Opening]) -> Markup {
    let rows: Vec<Vec<Markup>> = openings
        .iter()
        .map(|opening| {
            let list = |missing: &[crate::vrs::openings::Missing]| {
                html! { @for item in missing { div { (wording::missing(*item)) } } @if missing.is_empty() { "なし" } }
            };
            vec![
                html! { (wording::service(opening.service)) },
                html! {
                    @if opening.open { strong .open { "● 利用できます" } } @else { strong .closed { "○ 利用できません" } }
                },
                list(&opening.barred_by),
                list(&opening.advised),
            ]
        })
        .collect();
    table("同意によって使える機能", &["機能", "状態", "不足しているもの", "あわせて必要なこと"], &rows)
}

fn document_part(visitor: &Visitor, document: TermsDocument, agreements: &Agreements) -> Markup {
    let version = document.current_version();
    let agreed = agreements.cover(document);
    let former = agreements.documents.iter().any(|known| known.document == document) && !agreed;
    html! {
        section aria-labelledby=(document.as_str()) {
            h2 id=(document.as_str()) { (wording::document(document)) "　第" (version) "版" }
            div .document { @for paragraph in text(document) { p { (paragraph) } } }
            @if agreed {
                p { button type="button" disabled { "同意済み" } }
            } @else if visitor.actor.may(Act::RepresentMunicipality) {
                @if former { p { "改定されたため、あらためて同意が必要です。" } }
                form method="post" action="/terms/agree" {
                    (token(visitor))
                    input type="hidden" name="document" value=(document.as_str());
                    input type="hidden" name="version" value=(version);
                    button type="submit" { "同意" }
                }
            } @else {
                p { "未同意です。同意は責任者が行います。" }
            }
        }
    }
}

/// The documents in our own words; the real ones are not published here.
const fn text(document: TermsDocument) -> &'static [&'static str] {
    match document {
        TermsDocument::Confirmation => &[
            "接種証明書を電子的に交付するため、登録した接種記録を正確かつ最新に保ちます。",
            "申請者本人の個人番号カードによる確認を経た場合にだけ、記録が利用されることを確認します。",
            "第2版では、コンビニ等の端末での交付に記録が使われることを加えました。",
        ],
        TermsDocument::ConfirmationAddition => &[
            "転入した住民の接種記録を、転出元の市区町村へ個人番号により照会します。",
            "双方の市区町村がこの文書に同意したときは、本人の同意がなくても照会できることを確認します。",
        ],
        TermsDocument::KioskTerms => &[
            "コンビニ等の端末で、この市区町村の長の名で接種証明書を交付します。手数料は徴収しません。",
            "支援措置の対象者、確認のため保留した記録、治験による接種は、端末では交付されません。",
            "誤った交付が疑われるときは、直ちに一時停止し、運用担当へ連絡します。",
        ],
    }
}

fn suspension(visitor: &Visitor, agreements: &Agreements) -> Markup {
    let (label, to) = if agreements.suspended {
        ("コンビニ交付を再開する", "running")
    } else {
        ("コンビニ交付を一時停止する", "stopped")
    };
    html! {
        section aria-labelledby="suspension" {
            h2 id="suspension" { "コンビニ交付の一時停止" }
            p { @if agreements.suspended { "現在、一時停止中です。" } @else { "切り替えは次の申請からすぐに効きます。" } }
            @if visitor.actor.may(Act::RepresentMunicipality) {
                form method="post" action="/terms/suspend" {
                    (token(visitor))
                    input type="hidden" name="to" value=(to);
                    button .careful type="submit" { (label) }
                }
            }
        }
    }
}

fn profile_part(visitor: &Visitor, profile: &Profile) -> Markup {
    let duty = impact::judge(&Figures::from(profile));
    let choices = [("none", "未実施"), ("partly", "一部実施"), ("done", "実施済み")];
    let chosen = match profile.assessment {
        Assessment::None => "none",
        Assessment::Partly => "partly",
        Assessment::Done => "done",
    };
    let choices: Vec<_> = choices.iter().map(|(value, text)| ((*value).to_owned(), (*text).to_owned())).collect();
    html! {
        section aria-labelledby="profile" {
            h2 id="profile" { "連絡先と特定個人情報保護評価" }
            p { "しきい値判断の結果：" strong { (wording::duty(duty)) } }
            @if duty.is_binding() {
                ul { @for task in duty.tasks() { li { (wording::task(*task)) } } }
            }
            @if visitor.actor.may(Act::RepresentMunicipality) {
                form method="post" action="/terms/profile" {
                    (token(visitor))
                    (input("contact", "住民向け連絡先（部署・電話番号）", ("text", &profile.contact, "100文字まで")))
                    div .row {
                        (input("subjects", "対象人数", ("number", &profile.subjects.to_string(), "")))
                        (input("handlers", "取扱者数", ("number", &profile.handlers.to_string(), "500人以上で評価が変わります")))
                    }
                    div .tick {
                        input id="incident" name="incident" type="checkbox" value="yes" checked[profile.incident];
                        label for="incident" { "過去1年以内に重大事故があった" }
                    }
                    (page::select("assessment", "評価の実施状況", (&choices, chosen)))
                    button type="submit" { "保存する" }
                }
            } @else {
                p { "連絡先：" (if profile.contact.is_empty() { "未登録" } else { &profile.contact }) }
            }
        }
    }
}

fn history(consents: &[Consent]) -> Markup {
    let rows: Vec<Vec<Markup>> = consents
        .iter()
        .map(|consent| {
            let agreement = consent.agreement;
            vec![
                html! { (wording::document(agreement.document)) "　第" (agreement.version) "版" },
                html! { (consent.by) },
                moment(consent.at),
            ]
        })
        .collect();
    html! { h2 { "同意の記録" } (table("同意した文書・人・日時", &["文書", "同意した人", "日時"], &rows)) }
}

/// Agrees to a document.
pub(super) async fn agree(State(console): State<Arc<Console>>, posted: Posted) -> Result<Redirect, Fault> {
    let Posted { visitor, fields } = posted;
    let document = TermsDocument::parse(fields.text("document")).ok_or(Fault::Malformed)?;
    let version = fields.text("version").parse().ok().ok_or(Fault::Malformed)?;
    blocking(&console, move |console| {
        Ok(console.center.store.agree(&visitor.actor, Agreement { document, version }, console.now())?)
    })
    .await?;
    Ok(Redirect::to("/terms"))
}

/// Suspends issue at terminals, or lets it go on.
pub(super) async fn suspend(State(console): State<Arc<Console>>, posted: Posted) -> Result<Redirect, Fault> {
    let Posted { visitor, fields } = posted;
    let to = match fields.text("to") {
        "stopped" => SwitchPosition::Stopped,
        "running" => SwitchPosition::Running,
        _ => return Err(Fault::Malformed),
    };
    blocking(&console, move |console| Ok(console.center.store.suspend(&visitor.actor, to, console.now())?)).await?;
    Ok(Redirect::to("/terms"))
}

/// Saves contact and assessment.
pub(super) async fn profile(State(console): State<Arc<Console>>, posted: Posted) -> Result<Redirect, Fault> {
    let Posted { visitor, fields } = posted;
    let number = |name| fields.text(name).parse().ok().ok_or(Fault::Say("人数は0以上の数字で入力してください。"));
    let assessment = match fields.text("assessment") {
        "none" => Assessment::None,
        "partly" => Assessment::Partly,
        "done" => Assessment::Done,
        _ => return Err(Fault::Malformed),
    };
    let profile = Profile {
        contact: fields.text("contact").to_owned(),
        subjects: number("subjects")?,
        handlers: number("handlers")?,
        incident: fields.text("incident") == "yes",
        assessment,
    };
    blocking(&console, move |console| Ok(console.center.store.set_profile(&visitor.actor, profile, console.now())?))
        .await?;
    Ok(Redirect::to("/terms"))
}
