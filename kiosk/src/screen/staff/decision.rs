//! Transactions that wait, what can be decided of one, and the decision before it is written.

use egui::{Rect, Ui};

use super::super::{Command, Foot, Stage, halves};
use super::{key, notice};
use crate::journal::{Account, Line, Proposal, Standing};
use crate::session::effect::{Reason, Resolution, Verdict};
use crate::staff::desk::StaffEvent;
use crate::staff::view::Notice;
use crate::widget::button::Readiness;
use crate::widget::illustration::{self, Drawing};
use crate::widget::pane;
use crate::widget::words::{self, Tone};

const SHARE: pane::Share = pane::Share { portrait: 0.4, landscape: 0.46 };

pub(super) fn transactions(
    ui: &mut Ui,
    area: Rect,
    stage: &mut Stage<'_>,
    (waiting, last): (&[Account], Option<&Notice>),
) -> Foot {
    let share = pane::Share { portrait: 0.3, landscape: 0.4 };
    let words = |ui: &mut Ui, stage: &mut Stage<'_>| {
        let metrics = stage.metrics;
        words::title(ui, &metrics, &stage.say("staff-transactions-title"));
        notice(ui, stage, last);
        if waiting.is_empty() {
            words::notice(ui, &metrics, Tone::Well, &[&stage.say("staff-transactions-none")]);
        } else {
            words::lead(ui, &metrics, &stage.say("staff-transactions-text"));
        }
    };
    halves::draw(ui, (area, share), stage, words, |ui, stage| {
        ui.spacing_mut().item_spacing.y = stage.metrics.gap;
        for (place, Account { last }) in waiting.iter().enumerate() {
            let text = format!("{} {}", stage.moment(last.at), state(stage, last));
            key(ui, stage, (&text, Some(last.transaction.as_str())), Readiness::Ready, StaffEvent::Choose(place));
        }
    });
    back(stage)
}

pub(super) fn decide(
    ui: &mut Ui,
    area: Rect,
    stage: &mut Stage<'_>,
    (account, choices): (&Account, &[Resolution]),
) -> Foot {
    let words = |ui: &mut Ui, stage: &mut Stage<'_>| {
        words::title(ui, &stage.metrics, &stage.say("staff-decide-title"));
        rows(ui, stage, &account.last);
        words::note(ui, &stage.metrics, &stage.say("staff-decide-text"));
    };
    halves::draw(ui, (area, SHARE), stage, words, |ui, stage| {
        ui.spacing_mut().item_spacing.y = stage.metrics.gap;
        for choice in choices {
            let (verdict, reason) = (verdict(stage, choice.verdict), reason(stage, choice.reason));
            key(ui, stage, (&verdict, Some(&reason)), Readiness::Ready, StaffEvent::Decide(*choice));
        }
    });
    back(stage)
}

pub(super) fn confirm(ui: &mut Ui, area: Rect, stage: &mut Stage<'_>, proposal: &Proposal) -> Foot {
    let metrics = stage.metrics;
    let share = pane::Share { portrait: 0.72, landscape: 0.72 };
    let [words_area, picture] = pane::beside_picture(area, &metrics, share);
    pane::within(ui, words_area, "words", |ui| {
        words::title(ui, &metrics, &stage.say("staff-confirm-title"));
        let Resolution { verdict: decided, reason: known } = proposal.resolution;
        words::row(ui, &metrics, &stage.say("staff-row-decision"), &verdict(stage, decided));
        words::row(ui, &metrics, &stage.say("staff-row-reason"), &reason(stage, known));
        rows(ui, stage, &proposal.account.last);
        words::row(ui, &metrics, &stage.say("staff-row-code"), &proposal.code);
        ui.add_space(metrics.gap * 0.5);
        words::notice(ui, &metrics, Tone::Caution, &[&stage.say("staff-confirm-text")]);
    });
    illustration::draw(ui, picture, Drawing::Stopped);
    let text = stage.say("staff-confirm-write");
    Foot::onward(text, Command::Staff(StaffEvent::Write)).with_back_by(&stage.speech, Command::Staff(StaffEvent::Back))
}

fn back(stage: &Stage<'_>) -> Foot {
    Foot::default().with_back_by(&stage.speech, Command::Staff(StaffEvent::Back))
}

/// What the journal says of it that helps to find its paper and its money.
fn rows(ui: &mut Ui, stage: &Stage<'_>, line: &Line) {
    let metrics = stage.metrics;
    ui.spacing_mut().item_spacing.y = 0.0;
    let yen = |amount: shared::domain::fee::Yen| stage.speech.say_with("pay-yen", &[("amount", amount.0.into())]);
    let copies = line.copies.map(|copies| stage.speech.say_with("copies-count", &[("count", copies.into())]));
    let money = line.inserted.map(yen);
    for (name, value) in [
        ("staff-row-time", Some(stage.moment(line.at))),
        ("staff-row-state", Some(state(stage, line))),
        ("preview-copies", copies),
        ("pay-inserted", money),
        ("staff-row-issuance", line.issuance.as_ref().map(ToString::to_string)),
    ] {
        if let Some(value) = value {
            words::row(ui, &metrics, &stage.say(name), &value);
        }
    }
}

fn state(stage: &Stage<'_>, line: &Line) -> String {
    match (line.owed.filter(|owed| owed.0 > 0), line.state) {
        (Some(owed), _) => stage.speech.say_with("staff-state-owed", &[("amount", owed.0.into())]),
        (None, Standing::Retracted) => stage.say("staff-state-retracted"),
        (None, _) => stage.say("staff-state-unknown"),
    }
}

fn verdict(stage: &Stage<'_>, verdict: Verdict) -> String {
    stage.say(match verdict {
        Verdict::Taken => "staff-verdict-taken",
        Verdict::Refunded => "staff-verdict-refunded",
        Verdict::OwedPaid => "staff-verdict-owed-paid",
    })
}

fn reason(stage: &Stage<'_>, reason: Reason) -> String {
    stage.say(match reason {
        Reason::PaperHandedOver => "staff-reason-paper-handed-over",
        Reason::PaperDestroyed => "staff-reason-paper-destroyed",
        Reason::NoPaperFound => "staff-reason-no-paper-found",
        Reason::MoneyGivenByHand => "staff-reason-money-given-by-hand",
        Reason::NobodyCame => "staff-reason-nobody-came",
    })
}
