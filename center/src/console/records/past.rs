//! What happened to a record before: certificates that were issued, and changes.

use maud::{Markup, html};
use shared::records::IssueChannel;

use super::{Whole, item};
use crate::console::page::{moment, table, token};
use crate::console::session::Visitor;
use crate::console::{purpose, wording};
use crate::store::CertificateStatus;
use crate::store::ledger::{Issued, Revision};

/// Certificates that were issued before, with what they registered.
pub(super) fn issues(visitor: &Visitor, whole: &Whole) -> Markup {
    let lives_here = visitor.actor.municipality() == Some(&whole.sight.record.residence);
    let passports: Vec<Vec<Markup>> = whole
        .sight
        .record
        .passport_issues
        .iter()
        .map(|issue| {
            vec![
                html! { (issue.issued_on) },
                html! { (channel(issue.channel)) },
                html! { (issue.passport.number.masked()) },
                html! { (issue.passport.expires) },
                html! { @match &issue.certificate { Some(id) => (id), None => "－" } },
            ]
        })
        .collect();
    let counter: Vec<Vec<Markup>> = whole
        .at_counter
        .iter()
        .map(|issue| {
            vec![
                moment(issue.intent.at),
                html! { (issue.intent.certificate) },
                html! { (issue.by) },
                html! {
                    form method="post" action="/certificate/reissue" {
                        (token(visitor))
                        (purpose::carried("application", ""))
                        input type="hidden" name="issuance" value=(issue.intent.issuance);
                        button .small type="submit" aria-label=(format!("{} の再印刷を申請", issue.intent.certificate)) { "再印刷を申請" }
                    }
                },
            ]
        })
        .collect();
    html! {
        section {
            h2 { "発行履歴" }
            (table("この市区町村の記録からの発行", &["日時", "経路", "様式", "部数", "証明書番号", "状態"], &issued(&whole.issued)))
            @if lives_here { (table("旅券を登録した発行", &["発行日", "経路", "旅券番号", "有効期限", "証明書番号"], &passports)) }
            (table("窓口での発行と再印刷", &["日時", "証明書番号", "担当", "操作"], &counter))
        }
    }
}

/// Certificates from every channel.
fn issued(issued: &[Issued]) -> Vec<Vec<Markup>> {
    issued
        .iter()
        .map(|issue| {
            vec![
                moment(issue.at),
                html! { (channel(issue.channel)) },
                html! { (wording::form(issue.form)) },
                html! { (issue.copies) },
                html! { (issue.certificate) },
                html! { (status(issue.status)) },
            ]
        })
        .collect()
}

const fn channel(channel: IssueChannel) -> &'static str {
    match channel {
        IssueChannel::Counter => "窓口",
        IssueChannel::App => "アプリ",
        IssueChannel::Kiosk => "端末（コンビニ）",
    }
}

const fn status(status: CertificateStatus) -> &'static str {
    match status {
        CertificateStatus::InForce => "有効",
        CertificateStatus::Revoked => "取消・返金済み",
        CertificateStatus::Pending => "手続き中",
    }
}

/// Changes, newest first.
pub(super) fn history(history: &[Revision]) -> Markup {
    let rows: Vec<Vec<Markup>> = history
        .iter()
        .map(|revision| {
            vec![
                html! { (revision.version) },
                moment(revision.at),
                html! { (revision.by) },
                html! { @match revision.reason { Some(reason) => (wording::reason(reason)), None => "一括登録" } },
                html! {
                    @for difference in &revision.differences {
                        @let [before, after] = [&difference.before, &difference.after].map(|text| item::value(&difference.item, text));
                        div { (item::name(&difference.item)) "：" del { (before) } " → " ins { (after) } }
                    }
                },
            ]
        })
        .collect();
    html! { section { h2 { "変更の履歴" } (table("いつ・だれが・なぜ・何を", &["版", "日時", "人", "理由", "変更前 → 変更後"], &rows)) } }
}
