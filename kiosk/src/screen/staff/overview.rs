//! Everything at one look, and what staff can do about it.

use egui::{Rect, Ui};

use super::super::{Command, Foot, Stage, halves};
use super::{key, notice};
use crate::staff::desk::StaffEvent;
use crate::staff::diagnosis::{Diagnosis, Finding};
use crate::staff::view::{Notice, ServiceMark};
use crate::widget::button::Readiness;
use crate::widget::{pane, words};

/// What stands on it.
pub(super) struct Overview<'a> {
    pub(super) diagnosis: Option<&'a Diagnosis>,
    pub(super) notice: Option<&'a Notice>,
    pub(super) service: ServiceMark,
}

pub(super) fn draw(ui: &mut Ui, area: Rect, stage: &mut Stage<'_>, shown: &Overview<'_>) -> Foot {
    let share = pane::Share { portrait: 0.54, landscape: 0.62 };
    let words = |ui: &mut Ui, stage: &mut Stage<'_>| found(ui, stage, shown);
    halves::draw(ui, (area, share), stage, words, |ui, stage| keys(ui, stage, shown));
    Foot::onward(stage.say("staff-leave"), Command::Staff(StaffEvent::Leave))
}

fn found(ui: &mut Ui, stage: &Stage<'_>, shown: &Overview<'_>) {
    let metrics = stage.metrics;
    words::title(ui, &metrics, &stage.say("staff-overview-title"));
    notice(ui, stage, shown.notice);
    let Some(diagnosis) = shown.diagnosis else {
        words::lead(ui, &metrics, &stage.say("staff-looking"));
        return;
    };
    ui.spacing_mut().item_spacing.y = 0.0;
    for finding in &diagnosis.findings {
        words::row(ui, &metrics, &stage.say(finding.name()), &said(stage, finding));
    }
    words::note(ui, &metrics, &stage.moment(diagnosis.at));
}

/// How it is, and what was found: the first word says what a colour would.
fn said(stage: &Stage<'_>, finding: &Finding) -> String {
    let text = stage.speech.say_sentence(&finding.sentence());
    stage.speech.say_with(finding.health().key(), &[("text", text.into())])
}

fn keys(ui: &mut Ui, stage: &mut Stage<'_>, shown: &Overview<'_>) {
    ui.spacing_mut().item_spacing.y = stage.metrics.gap;
    let is_looked = Readiness::from(shown.diagnosis.is_some());
    let waiting = shown.diagnosis.and_then(Diagnosis::waiting);
    let transactions = match waiting {
        Some(count) => stage.speech.say_with("staff-transactions-count", &[("count", count.into())]),
        None => stage.say("staff-transactions"),
    };
    key(ui, stage, (&transactions, None), Readiness::Ready, StaffEvent::ShowTransactions);
    let (text, tells) = match shown.service {
        ServiceMark::Open => ("staff-service-close", StaffEvent::ShowService),
        ServiceMark::Closed => ("staff-service-open", StaffEvent::Open),
    };
    let text = stage.say(text);
    key(ui, stage, (&text, None), Readiness::Ready, tells);
    let (again, save) = (stage.say("staff-examine"), stage.say("staff-save"));
    key(ui, stage, (&again, None), is_looked, StaffEvent::Examine);
    key(ui, stage, (&save, None), is_looked, StaffEvent::Save);
}
