//! What a resident is typing or looking at on the present screen; wiped when the screen changes.

use zeroize::{Zeroize as _, Zeroizing};

use crate::session::Random;
use crate::session::view::View;
use crate::staff::code::CODE_DIGITS;
use crate::widget::keypad::{Digits, Press, TELEPHONE, shuffled};

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

/// What lies over the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    /// Nothing.
    Shut,
    /// The choice of languages.
    Languages,
    /// How to see, hear and type.
    Comfort,
}

/// What is typed or chosen, not yet said to the session.
pub struct Entry {
    /// Never longer than its first capacity: growing would leave a copy behind.
    typed: Zeroizing<String>,
    copies: u8,
    part: PreviewPart,
    panel: Panel,
    /// Where the digits lie, where that was drawn for this screen.
    order: Option<Digits>,
    screen: Option<&'static str>,
}

shared::hidden_debug!(Entry);

impl Default for Entry {
    fn default() -> Self {
        Self {
            typed: Zeroizing::new(String::with_capacity(PASSPORT_CHARACTERS)),
            copies: 1,
            part: PreviewPart::Items,
            panel: Panel::Shut,
            order: None,
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

    /// What lies over the screen.
    pub const fn panel(&self) -> Panel {
        self.panel
    }

    /// Lays something over the screen, or takes it away.
    pub const fn show(&mut self, panel: Panel) {
        self.panel = panel;
    }

    /// Where the digits lie.
    pub fn digits(&self) -> Digits {
        self.order.unwrap_or(TELEPHONE)
    }

    /// Lays the digits anew, once for each screen. Without chance they lie as on a telephone.
    pub fn shuffle(&mut self, random: &mut Random) {
        if self.order.is_none() {
            self.order = random().map(shuffled);
        }
    }

    /// Lays the digits as on a telephone.
    pub const fn unshuffle(&mut self) {
        self.order = None;
    }

    /// Takes a key of a keypad.
    pub fn press(&mut self, press: Press) {
        let limit = match self.screen {
            Some("confirm-passport") => PASSPORT_CHARACTERS,
            Some("staff-door") => CODE_DIGITS,
            Some(_) | None => PIN_DIGITS,
        };
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

    /// Forgets everything when another screen is shown; what lies over it stays.
    pub fn follow(&mut self, view: &View<'_>) {
        let screen = view.name();
        if self.screen != Some(screen) {
            *self = Self { screen: Some(screen), panel: self.panel, ..Self::default() };
        }
    }

    fn erase(&mut self) {
        let kept = self.typed.len().saturating_sub(1);
        let mut shorter = String::with_capacity(PASSPORT_CHARACTERS);
        shorter.push_str(self.typed.get(..kept).unwrap_or_default());
        self.typed = Zeroizing::new(shorter);
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
    fn the_keypad_is_laid_anew_for_each_pin_and_not_in_between() {
        let mut drawn = 0_u8;
        let mut random: Random = Box::new(move || {
            drawn += 1;
            Some([drawn; 16])
        });
        let mut entry = Entry::default();
        entry.follow(&PIN);
        assert_eq!(entry.digits(), TELEPHONE);
        entry.shuffle(&mut random);
        let first = entry.digits();
        entry.shuffle(&mut random);
        assert_eq!(entry.digits(), first);
        entry.follow(&View::TakeCard);
        entry.follow(&PIN);
        entry.shuffle(&mut random);
        assert_ne!(entry.digits(), first);
        entry.unshuffle();
        assert_eq!(entry.digits(), TELEPHONE);
    }

    #[test]
    fn what_is_typed_is_never_printed() {
        let mut entry = Entry::default();
        entry.press(Press::Character('7'));
        assert_eq!(format!("{entry:?}"), "Entry(..)");
    }
}
