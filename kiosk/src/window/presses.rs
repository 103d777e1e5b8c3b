//! One press a drawing: what comes faster waits for the next drawing and is not lost.
//!
//! A screen is drawn from what was pressed before. Of two presses between two drawings the second would meet a screen that
//! does not know of the first: one of two digits would be lost, or both taken in the order of the keys instead of the
//! order of the hand. Readers of the screen and keyboards can be that fast.

use std::collections::VecDeque;

use egui::accesskit::Action;
use egui::{Event, Key};

/// Presses that wait for a drawing.
#[derive(Debug, Default)]
pub(super) struct Presses(VecDeque<Event>);

/// Whether more waits after this drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// Nothing does.
    Empty,
    /// Something does: draw again at once.
    Waits,
}

/// The most that may wait; whoever sends more is no hand.
const MAXIMUM_WAITING: usize = 512;

impl Presses {
    /// Takes in what came, and leaves of it what the next drawing may see: up to the first press.
    pub(super) fn sift(&mut self, events: &mut Vec<Event>) -> Rest {
        let room = MAXIMUM_WAITING.saturating_sub(self.0.len());
        self.0.extend(events.drain(..).take(room));
        events.clear();
        while let Some(event) = self.0.pop_front() {
            let weight = weight(&event);
            // A key that leads on must find typed what was typed before it.
            if weight == Weight::Decides && events.iter().any(|event| self::weight(event) == Weight::Types) {
                self.0.push_front(event);
                return Rest::Waits;
            }
            events.push(event);
            if matches!(weight, Weight::Presses | Weight::Decides) {
                break;
            }
        }
        if self.0.is_empty() { Rest::Empty } else { Rest::Waits }
    }

    /// Forgets what waits: it was meant for somebody who is gone.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}

/// What an event does to a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// Nothing that another event must wait for.
    Light,
    /// Characters; a drawing takes any number of them in order.
    Types,
    /// It presses a key of the screen.
    Presses,
    /// It presses whatever leads on, or out.
    Decides,
}

fn weight(event: &Event) -> Weight {
    match event {
        Event::Text(_) | Event::Key { key: Key::Backspace | Key::Delete, pressed: true, .. } => Weight::Types,
        Event::Key { key: Key::Enter | Key::Space | Key::Escape | Key::Tab, pressed: true, .. } => Weight::Decides,
        Event::PointerButton { pressed: false, .. } => Weight::Presses,
        Event::AccessKitActionRequest(request) if request.action == Action::Click => Weight::Presses,
        _ => Weight::Light,
    }
}

#[cfg(test)]
mod tests {
    use egui::accesskit::{ActionRequest, NodeId, TreeId};
    use egui::{Modifiers, PointerButton, Pos2};

    use super::*;

    fn click(node: u64) -> Event {
        let (action, target_tree, target_node) = (Action::Click, TreeId::ROOT, NodeId(node));
        Event::AccessKitActionRequest(ActionRequest { action, target_tree, target_node, data: None })
    }

    fn key(key: Key) -> Event {
        Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE }
    }

    /// A finger comes down and goes up.
    fn touch() -> [Event; 2] {
        let (pos, button, modifiers) = (Pos2::ZERO, PointerButton::Primary, Modifiers::NONE);
        [true, false].map(|pressed| Event::PointerButton { pos, button, pressed, modifiers })
    }

    /// What each drawing sees of what came at once.
    fn drawings(came: Vec<Event>) -> Vec<Vec<Event>> {
        let mut presses = Presses::default();
        let mut drawings = Vec::new();
        let mut events = came;
        loop {
            let rest = presses.sift(&mut events);
            drawings.push(std::mem::take(&mut events));
            if rest == Rest::Empty {
                return drawings;
            }
        }
    }

    #[test]
    fn two_presses_come_to_two_drawings_in_the_order_of_the_hand() {
        assert_eq!(drawings(vec![click(2), click(1), click(1)]), [vec![click(2)], vec![click(1)], vec![click(1)]]);
        let moved = Event::PointerMoved(Pos2::ZERO);
        let once: Vec<Event> = std::iter::once(moved).chain(touch()).collect();
        assert_eq!(drawings([once.clone(), once.clone()].concat()), [once.clone(), once]);
    }

    #[test]
    fn what_is_typed_is_there_when_enter_comes() {
        let text = |text: &str| Event::Text(text.to_owned());
        let came = vec![text("1"), text("2"), key(Key::Enter), text("3")];
        assert_eq!(drawings(came), [vec![text("1"), text("2")], vec![key(Key::Enter)], vec![text("3")]]);
    }

    #[test]
    fn nothing_that_waits_meets_the_next_person() {
        let mut presses = Presses::default();
        assert_eq!(presses.sift(&mut vec![click(1), click(2)]), Rest::Waits);
        presses.forget();
        let mut events = Vec::new();
        assert_eq!(presses.sift(&mut events), Rest::Empty);
        assert!(events.is_empty());
    }
}
