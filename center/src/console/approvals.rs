//! 承認: what was asked for, decided by a second person, and done once by the first.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::fault::Fault;
use super::form::Posted;
use super::page::{self, Item, moment, table, token};
use super::session::Visitor;
use super::{Console, blocking, export, wording};
use crate::store::actor::{AccessError, Act, CaseNumber};
use crate::store::approvals::{Approval, ApprovalId, ApprovalState, Decision, Matter};

/// The list.
pub(super) async fn show(State(console): State<Arc<Console>>, visitor: Visitor) -> Result<Html<String>, Fault> {
    let actor = visitor.actor.clone();
    let approvals = blocking(&console, move |console| Ok(console.center.store.approvals(&actor)?)).await?;
    let rows: Vec<Vec<Markup>> = approvals.iter().map(|approval| row(&visitor, approval)).collect();
    let body = html! {
        p { "申請した人とは別の責任者が承認します。承認後24時間以内に、申請した人が1回だけ実行できます。" }
        (table("承認の申請", &["内容", "申請者", "日時", "理由", "状態", "操作"], &rows))
    };
    Ok(page::page(&visitor, Item::Approvals, &body))
}

const fn matter(matter: &Matter) -> &'static str {
    match matter {
        Matter::Export => "台帳データの出力",
        Matter::Reissue { .. } => "窓口交付した証明書の再印刷",
        Matter::Protect { .. } => "支援措置の開始",
        Matter::Unprotect { .. } => "支援措置の終了",
    }
}

fn row(visitor: &Visitor, approval: &Approval) -> Vec<Markup> {
    let own = approval.requested_by == *visitor.actor.account();
    let decide = |decision: &str, label: &str| act(visitor, approval, ("/approvals/decide", decision, label));
    let state = match &approval.state {
        ApprovalState::Requested => "承認待ち".to_owned(),
        ApprovalState::Granted(by) => format!("承認済み（{by}）"),
        ApprovalState::Refused(by) => format!("却下（{by}）"),
        ApprovalState::Used(by) => format!("実行済み（承認 {by}）"),
    };
    vec![
        html! { (matter(&approval.matter)) },
        html! { (approval.requested_by) },
        moment(approval.requested_at),
        html! { (wording::reason(approval.reason)) @if let Some(case) = &approval.case { br; (CaseNumber::as_str(case)) } },
        html! { (state) },
        html! {
            @match &approval.state {
                ApprovalState::Requested if own => "ほかの責任者の承認待ち",
                ApprovalState::Requested if visitor.actor.may(Act::Approve) => {
                    div .actions { (decide("grant", "承認")) (decide("refuse", "却下")) }
                }
                ApprovalState::Granted(_) if own => (act(visitor, approval, ("/approvals/use", "use", "実行"))),
                ApprovalState::Requested | ApprovalState::Granted(_) | ApprovalState::Refused(_) | ApprovalState::Used(_) => "",
            }
        },
    ]
}

fn act(visitor: &Visitor, approval: &Approval, (path, decision, label): (&str, &str, &str)) -> Markup {
    let what = format!("{}（{}）を{label}", matter(&approval.matter), approval.requested_by);
    html! {
        form method="post" action=(path) {
            (token(visitor))
            input type="hidden" name="approval" value=(approval.id.as_str());
            input type="hidden" name="decision" value=(decision);
            button .small type="submit" aria-label=(what) { (label) }
        }
    }
}

/// Decides.
pub(super) async fn decide(State(console): State<Arc<Console>>, posted: Posted) -> Result<Redirect, Fault> {
    let Posted { visitor, fields } = posted;
    let id = ApprovalId::parse(fields.text("approval")).ok_or(Fault::Malformed)?;
    let decision = match fields.text("decision") {
        "grant" => Decision::Grant,
        "refuse" => Decision::Refuse,
        _ => return Err(Fault::Malformed),
    };
    blocking(&console, move |console| Ok(console.center.store.decide(&visitor.actor, &id, decision, console.now())?))
        .await?;
    Ok(Redirect::to("/approvals"))
}

/// Does what was approved: a file, a document, or a changed record.
pub(super) async fn use_up(State(console): State<Arc<Console>>, posted: Posted) -> Result<Response, Fault> {
    let Posted { visitor, fields } = posted;
    let id = ApprovalId::parse(fields.text("approval")).ok_or(Fault::Malformed)?;
    let (actor, wanted) = (visitor.actor.clone(), id.clone());
    let approval = blocking(&console, move |console| {
        let all = console.center.store.approvals(&actor)?;
        all.into_iter().find(|approval| approval.id == wanted).ok_or(Fault::Access(AccessError::NotApproved))
    })
    .await?;
    let actor = visitor.actor;
    match approval.matter {
        Matter::Export => export::stream(&console, actor, id).await,
        Matter::Reissue { .. } => {
            let document =
                blocking(&console, move |console| Ok(console.center.store.reissue(&actor, &id, console.now())?));
            Ok(pdf(document.await?))
        }
        Matter::Protect { .. } | Matter::Unprotect { .. } => {
            blocking(&console, move |console| Ok(console.center.store.protect(&actor, &id, console.now())?)).await?;
            Ok(Redirect::to("/approvals").into_response())
        }
    }
}

/// A document to be printed.
pub(super) fn pdf(document: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"certificate.pdf\""),
    ];
    (headers, document).into_response()
}
