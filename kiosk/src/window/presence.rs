//! Whether somebody stands before the window, from what is shown and from what is done.

use egui::Event as Input;

use crate::session::view::View;

/// Whether somebody is in the middle of a dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// The terminal waits.
    Nobody,
    /// A resident, or staff.
    Somebody,
}

/// A finger, a click, a key or a reader of the screen: somebody is there.
pub(super) const fn is_touch(input: &Input) -> bool {
    matches!(
        input,
        Input::PointerButton { pressed: true, .. }
            | Input::Key { pressed: true, .. }
            | Input::Touch { .. }
            | Input::AccessKitActionRequest(_)
    )
}

/// Who stands before this view.
pub(super) const fn presence(view: &View<'_>) -> Presence {
    match view {
        View::Starting
        | View::Unavailable { .. }
        | View::Closed { .. }
        | View::Stopped
        | View::Menu { .. }
        | View::OutOfOrder { .. }
        | View::OutOfService { .. } => Presence::Nobody,
        View::PlaceCard
        | View::ChooseKind { .. }
        | View::Working(_)
        | View::ConfirmLastTry { .. }
        | View::EnterPin { .. }
        | View::TakeCard
        | View::ChooseMunicipality { .. }
        | View::ChooseForm { .. }
        | View::ConfirmPassport { .. }
        | View::ChooseCopies { .. }
        | View::Preview { .. }
        | View::Pay { .. }
        | View::TakePaper { .. }
        | View::PaperLeft { .. }
        | View::Thanks { .. }
        | View::Refused { .. }
        | View::CardLeft
        | View::Staff(_) => Presence::Somebody,
    }
}
