//! A device or the centre works: what is being done, and that the card stays where it is.

use egui::{Rect, Ui};

use super::{Foot, Stage, fault};
use crate::session::event::PrintProgress;
use crate::session::fault::Fault;
use crate::session::view::Work;
use crate::widget::illustration::{self, Drawing};
use crate::widget::pane;
use crate::widget::words::{self, Tone};

const SHARE: pane::Share = pane::Share { portrait: 0.5, landscape: 0.5 };

pub(super) fn starting(ui: &mut Ui, area: Rect, stage: &Stage<'_>) -> Foot {
    let [words_area, _] = pane::beside_picture(area, &stage.metrics, SHARE);
    pane::within(ui, words_area, "words", |ui| {
        words::title(ui, &stage.metrics, &stage.say("starting-title"));
        words::lead(ui, &stage.metrics, &stage.say("starting-text"));
    });
    Foot::default()
}

pub(super) fn draw(ui: &mut Ui, area: Rect, stage: &Stage<'_>, work: Work) -> Foot {
    let (title, note, drawing) = match work {
        Work::ReadingTries => ("working-reading-tries", "working-card-stays", Drawing::CardLies),
        Work::ProvingHolder => ("working-proving", "working-card-stays", Drawing::CardLies),
        Work::AskingRecords => ("working-records", "working-wait", Drawing::Done),
        Work::ComparingPassport => ("working-passport", "working-wait", Drawing::Paper),
        Work::MakingCertificate => ("working-certificate", "working-wait", Drawing::Paper),
        Work::Printing(_) => ("working-printing", "working-printing-note", Drawing::Paper),
        Work::CancellingPrint => ("working-cancelling", "working-wait", Drawing::Stopped),
    };
    let [words_area, picture] = pane::beside_picture(area, &stage.metrics, SHARE);
    pane::within(ui, words_area, "words", |ui| {
        words::title(ui, &stage.metrics, &stage.say(title));
        if note == "working-card-stays" {
            words::notice(ui, &stage.metrics, Tone::Caution, &[&stage.say(note)]);
        } else {
            words::lead(ui, &stage.metrics, &stage.say(note));
        }
        if let Work::Printing(progress) = work {
            printing(ui, stage, progress);
        }
    });
    if drawing != Drawing::Done {
        illustration::draw(ui, picture, drawing);
    }
    Foot::default()
}

/// How many sides came out, as the printer counts them, and what keeps it from going on.
fn printing(ui: &mut Ui, stage: &Stage<'_>, progress: PrintProgress) {
    let metrics = &stage.metrics;
    if progress.sides > 0 {
        let done = progress.sides_done.min(progress.sides);
        let said = [("done", done.into()), ("sides", progress.sides.into())];
        ui.add_space(metrics.gap);
        words::progress(ui, metrics, &stage.speech.say_with("working-printing-sides", &said), (done, progress.sides));
    }
    if let Some(trouble) = progress.trouble {
        let sentence = fault::sentence(Fault::Printer(trouble));
        ui.add_space(metrics.gap);
        let said = [stage.speech.say_sentence(&sentence), stage.say("working-printing-trouble")];
        words::notice(ui, metrics, Tone::Caution, &[&said[0], &said[1]]);
    }
}
