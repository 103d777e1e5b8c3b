//! Hands that do what no key asks for: fingers that stay, two at once, keys of every kind, on panels of any size.

use egui::{
    Event as Input, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, TouchDeviceId, TouchId,
    TouchPhase, pos2,
};
use proptest::prelude::*;

use super::*;

/// The least panel, and the largest that anybody builds into a terminal.
const PANELS: [Vec2; 4] = [vec2(800.0, 600.0), vec2(600.0, 800.0), PORTRAIT, vec2(3840.0, 2160.0)];

/// One thing that a hand does, as the window hears it.
#[derive(Debug, Clone)]
enum Deed {
    /// A finger comes down: the first one moves the pointer as well.
    Down { finger: u64, x: f32, y: f32 },
    /// It moves.
    Move { finger: u64, x: f32, y: f32 },
    /// It goes.
    Up { finger: u64, x: f32, y: f32 },
    /// The panel has lost it.
    Lost { finger: u64 },
    /// A key, with whatever else is held down.
    Key { which: usize, pressed: bool, repeat: bool, modifiers: u8 },
    /// Characters, as an input method gives them.
    Text(String),
    /// What a clipboard brings.
    Paste(String),
    /// A wheel.
    Wheel(f32),
    /// The window is left and entered.
    Focus(bool),
}

fn any_deed() -> impl Strategy<Value = Deed> {
    let place = || (0_u64..3, 0.0_f32..1.0, 0.0_f32..1.0);
    prop_oneof![
        4 => place().prop_map(|(finger, x, y)| Deed::Down { finger, x, y }),
        2 => place().prop_map(|(finger, x, y)| Deed::Move { finger, x, y }),
        4 => place().prop_map(|(finger, x, y)| Deed::Up { finger, x, y }),
        1 => (0_u64..3).prop_map(|finger| Deed::Lost { finger }),
        4 => (0..Key::ALL.len(), any::<bool>(), any::<bool>(), any::<u8>())
            .prop_map(|(which, pressed, repeat, modifiers)| Deed::Key { which, pressed, repeat, modifiers }),
        2 => any::<String>().prop_map(Deed::Text),
        1 => any::<String>().prop_map(Deed::Paste),
        1 => (-1e6_f32..1e6).prop_map(Deed::Wheel),
        1 => any::<bool>().prop_map(Deed::Focus),
    ]
}

/// What the window hears of a deed on a panel of this size.
fn heard(deed: &Deed, panel: Vec2) -> Vec<Input> {
    let at = |x: f32, y: f32| pos2(x * panel.x, y * panel.y);
    match deed {
        Deed::Down { finger, x, y } => touch(*finger, TouchPhase::Start, at(*x, *y)),
        Deed::Move { finger, x, y } => touch(*finger, TouchPhase::Move, at(*x, *y)),
        Deed::Up { finger, x, y } => touch(*finger, TouchPhase::End, at(*x, *y)),
        Deed::Lost { finger } => touch(*finger, TouchPhase::Cancel, Pos2::ZERO),
        Deed::Key { which, pressed, repeat, modifiers } => {
            let held = |bit: u8| modifiers & bit != 0;
            let modifiers =
                Modifiers { alt: held(1), ctrl: held(2), shift: held(4), mac_cmd: held(8), command: held(16) };
            let (key, pressed, repeat) = (Key::ALL[*which], *pressed, *repeat);
            vec![Input::Key { key, physical_key: None, pressed, repeat, modifiers }]
        }
        Deed::Text(text) => vec![Input::Text(text.clone())],
        Deed::Paste(text) => vec![Input::Paste(text.clone())],
        Deed::Wheel(far) => vec![Input::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, *far),
            phase: TouchPhase::Move,
            source: MouseWheelSource::Unknown,
            modifiers: Modifiers::NONE,
        }],
        Deed::Focus(is_in) => vec![Input::WindowFocused(*is_in)],
    }
}

/// As the window's library tells it: each finger is told as a finger, the first one as the pointer too.
fn touch(finger: u64, phase: TouchPhase, pos: Pos2) -> Vec<Input> {
    let (device_id, id) = (TouchDeviceId(0), TouchId(finger));
    let told = Input::Touch { device_id, id, phase, pos, force: None };
    let button = |pressed| {
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        Input::PointerButton { pos, button, pressed, modifiers }
    };
    let pointer = match phase {
        _ if finger > 0 => Vec::new(),
        TouchPhase::Start => vec![Input::PointerMoved(pos), button(true)],
        TouchPhase::Move => vec![Input::PointerMoved(pos)],
        TouchPhase::End => vec![button(false), Input::PointerGone],
        TouchPhase::Cancel => vec![Input::PointerGone],
    };
    std::iter::once(told).chain(pointer).collect()
}

/// Whether a deed can press a key of the screen.
const fn can_press(deed: &Deed) -> bool {
    matches!(deed, Deed::Up { finger: 0, .. } | Deed::Key { pressed: true, .. })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_hand_ends_the_window_and_nothing_is_done_that_was_not_pressed(
        screen in 0..EVERY_SCREEN.len(),
        panel in 0..PANELS.len(),
        language in 0..Language::ALL.len(),
        deeds in proptest::collection::vec(any_deed(), 1..40),
    ) {
        let panel = PANELS[panel];
        let mut harness = board(EVERY_SCREEN[screen], Language::ALL[language], panel);
        harness.run_steps(2);
        said(&mut harness);
        for deed in &deeds {
            feel(&mut harness, heard(deed, panel));
            harness.step();
            // Characters are typed many at a time; and a finger that stays on the nameplate is the staff's.
            let is_other = |command: &Command| matches!(command, Command::Press(_) | Command::Tell(Event::StaffCame));
            let commands = std::mem::take(&mut harness.state_mut().commands);
            let pressed = commands.iter().filter(|command| !is_other(command)).count();
            prop_assert!(pressed <= usize::from(can_press(deed)), "{deed:?}: {commands:?}");
        }
    }
}

fn feel(harness: &mut Harness<'_, Board>, events: Vec<Input>) {
    for event in events {
        harness.event(event);
    }
}

/// The middle of the key of this name.
fn middle(harness: &Harness<'_, Board>, name: &str) -> Pos2 {
    harness.get_by_role_and_label(Role::Button, name).rect().center()
}

/// Looks while a finger stays: five seconds.
const LONG: usize = 20;

#[test]
fn a_slow_or_trembling_finger_presses_when_it_goes_and_one_that_slips_off_does_not() {
    let mut harness = board(PIN, Language::Japanese, PORTRAIT);
    harness.run_steps(2);
    let four = middle(&harness, "4");
    // Six millimetres on this panel.
    let (beside, away) = (four + vec2(34.0, 0.0), pos2(4.0, 900.0));
    for (from, to, comes) in [(four, four, "4"), (four, beside, "4"), (four, away, ""), (away, four, "")] {
        said(&mut harness);
        feel(&mut harness, touch(0, TouchPhase::Start, from));
        harness.run_steps(LONG);
        assert_eq!(said(&mut harness), Vec::<String>::new(), "the finger is still there");
        feel(&mut harness, touch(0, TouchPhase::Move, to));
        feel(&mut harness, touch(0, TouchPhase::End, to));
        harness.run_steps(2);
        let commands = said(&mut harness);
        let expected = usize::from(!comes.is_empty());
        assert_eq!(commands.len(), expected, "{commands:?}");
        assert!(commands.iter().all(|command| command.contains(comes)), "{commands:?}");
    }
}

#[test]
fn of_two_fingers_at_once_one_presses() {
    let mut harness = board(PIN, Language::Japanese, PORTRAIT);
    harness.run_steps(2);
    let (four, seven) = (middle(&harness, "4"), middle(&harness, "7"));
    said(&mut harness);
    for (phase, places) in [(TouchPhase::Start, [four, seven]), (TouchPhase::End, [four, seven])] {
        for (finger, place) in (0..).zip(places) {
            feel(&mut harness, touch(finger, phase, place));
        }
        harness.run_steps(2);
    }
    let commands = said(&mut harness);
    assert!(commands.len() == 1 && commands[0].contains('4'), "{commands:?}");
}
