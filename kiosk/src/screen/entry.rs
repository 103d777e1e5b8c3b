//! What a resident is typing or looking at on the present screen; wiped when the screen changes.

use zeroize::{Zeroize as _, Zeroizing};

use crate::session::view::{View, Work};
use crate::widget::keypad::Press;

/// Digits of a PIN.
pub const PIN_DIGITS: usize = 4;
/// The most characters of a passport number (ICAO Doc 9303-4 §4.2.2).
pub const PASSPORT_CHARACTERS: usize = 9;
/// The fewest.
pub const PASSPORT_LEAST: usize = 6;

/// A part of the preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreviewPart {
    /// Every item as text.
    Items,
    /// The front page.
    Front,
    /// The back page.
    Back,
}

/// Whether something lies over the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    /// It does.
    Open,
    /// It does not.
    Shut,
}

/// What is typed or chosen, not yet said to the session.
pub struct Entry {
    /// Never longer than its first capacity: growing would leave a copy behind.
    typed: Zeroizing<String>,
    copies: u8,
    part: PreviewPart,
    languages: Panel,
    screen: Option<&'static str>,
}

shared::hidden_debug!(Entry);

impl Default for Entry {
    fn default() -> Self {
        Self {
            typed: Zeroizing::new(String::with_capacity(PASSPORT_CHARACTERS)),
            copies: 1,
            part: PreviewPart::Items,
            languages: Panel::Shut,
            screen: None,
        }
    }
}

impl Entry {
    /// What is typed.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// How many copies are chosen.
    pub const fn copies(&self) -> u8 {
        self.copies
    }

    /// What of the preview is looked at.
    pub const fn part(&self) -> PreviewPart {
        self.part
    }

    /// Whether the choice of languages is open.
    pub const fn languages(&self) -> Panel {
        self.languages
    }

    /// Opens or shuts the choice of languages.
    pub const fn show_languages(&mut self, panel: Panel) {
        self.languages = panel;
    }

    /// Takes a key of a keypad.
    pub fn press(&mut self, press: Press) {
        let limit = if self.screen == Some("passport") { PASSPORT_CHARACTERS } else { PIN_DIGITS };
        match press {
            Press::Character(character) if character.is_ascii() && self.typed.len() < limit => {
                self.typed.push(character);
            }
            Press::Character(_) => {}
            Press::Erase => self.erase(),
            Press::Clear => self.typed.zeroize(),
        }
    }

    /// Chooses a number of copies.
    pub const fn set_copies(&mut self, copies: u8) {
        self.copies = copies;
    }

    /// Looks at a part of the preview.
    pub const fn look(&mut self, part: PreviewPart) {
        self.part = part;
    }

    /// Hands over what was typed and keeps nothing of it.
    pub fn take(&mut self) -> Zeroizing<String> {
        std::mem::replace(&mut self.typed, Zeroizing::new(String::with_capacity(PASSPORT_CHARACTERS)))
    }

    /// Forgets everything when another screen is shown.
    pub fn follow(&mut self, view: &View<'_>) {
        let screen = name(view);
        if self.screen != Some(screen) {
            *self = Self { screen: Some(screen), ..Self::default() };
        }
    }

    fn erase(&mut self) {
        let kept = self.typed.len().saturating_sub(1);
        let mut shorter = String::with_capacity(PASSPORT_CHARACTERS);
        shorter.push_str(self.typed.get(..kept).unwrap_or_default());
        self.typed = Zeroizing::new(shorter);
    }
}

/// A screen's name: two views of the same name share what is typed.
const fn name(view: &View<'_>) -> &'static str {
    match view {
        View::EnterPin { .. } => "pin",
        View::ConfirmPassport { .. } => "passport",
        View::ChooseCopies { .. } => "copies",
        View::Preview { .. } => "preview",
        View::Working(Work::ReadingTries) => "tries",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use shared::domain::certificate::ProofProfile;

    use super::*;
    use crate::session::PreviousPin;

    const PIN: View<'static> =
        View::EnterPin { profile: ProofProfile::InputSupport, tries_left: 3, previous: PreviousPin::Untyped };

    #[test]
    fn a_pin_takes_four_digits_and_no_fifth() {
        let mut entry = Entry::default();
        entry.follow(&PIN);
        "12345".chars().for_each(|digit| entry.press(Press::Character(digit)));
        assert_eq!(entry.typed(), "1234");
        entry.press(Press::Erase);
        assert_eq!(entry.typed(), "123");
        entry.press(Press::Clear);
        assert_eq!(entry.typed(), "");
    }

    #[test]
    fn another_screen_finds_nothing_typed() {
        let mut entry = Entry::default();
        entry.follow(&PIN);
        entry.press(Press::Character('1'));
        entry.follow(&PIN);
        assert_eq!(entry.typed(), "1");
        entry.follow(&View::TakeCard);
        assert_eq!(entry.typed(), "");
    }

    #[test]
    fn what_is_typed_is_never_printed() {
        let mut entry = Entry::default();
        entry.press(Press::Character('7'));
        assert_eq!(format!("{entry:?}"), "Entry(..)");
    }
}
