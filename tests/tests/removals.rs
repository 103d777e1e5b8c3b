//! The card pulled at every exchange of the dialogue, each one in turn, in both proof profiles.
//!
//! What must hold each time: the right screen, no try lost by us, no money kept, nothing journaled. The screen comes within
//! a second: half of all the times must keep to that, since a busy machine delays some.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up fails with a sentence")]

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use fixtures::software_card::SoftwareCard;
use kiosk::card_reader::{self, Manner, Presence, Reader, Removal, Wait};
use kiosk::coins::acceptor::Simulated;
use kiosk::config::Config;
use kiosk::journal::JournalError;
use kiosk::session::PreviousPin;
use kiosk::session::event::Event;
use kiosk::session::fault::{CardFault, Fault};
use kiosk::session::view::View;
use kiosk::setup::{Operation, SetupError, Source, assemble_with};
use kiosk::terminal::{Note, Terminal};
use shared::card::channel::Channel;
use shared::card::pin::{Pin, PinStatus};
use shared::card::profile;
use shared::card::transport::{Cleared, Transport};
use shared::domain::certificate::{CertificateKind, ProofProfile};
use shared::domain::fee::Yen;
use tests::program;
use tests::reader::{ReaderService, reader_name};
use tests::terminal::{self, Application};
use tests::virtual_card::{Conduct, VirtualCard, card_of};
use tests::world::World;

const RESIDENT: &str = "hanako";

/// The resident sees why within this.
const PROMISED: Duration = Duration::from_secs(1);

/// However busy the machine is.
const HANG: Duration = Duration::from_secs(15);

/// How long the screens took, over all pulls of a test.
#[derive(Default)]
struct Times(Vec<Duration>);

impl Times {
    #[track_caller]
    fn note(&mut self, took: Duration) {
        assert!(took <= HANG, "the screen came after {took:?}");
        self.0.push(took);
    }

    #[track_caller]
    fn assert_median(mut self, promised: Duration) {
        self.0.sort();
        let median = self.0.get(self.0.len() / 2).expect("a pull");
        assert!(*median <= promised, "the screens came after {median:?} at the median");
    }
}

/// When the card leaves the reader.
#[derive(Debug, Clone, Copy)]
enum Pull {
    Never,
    /// The command does not reach the card.
    Before(usize),
    /// The card carries the command out; its answer is lost.
    Within(usize),
}

/// The place where the card lies, seen from the test and from the reader.
#[derive(Clone)]
struct Place(Arc<Mutex<Lying>>);

struct Lying {
    card: SoftwareCard,
    pull: Pull,
    exchanges: usize,
    pulled: Option<Instant>,
}

impl Place {
    fn with<T>(&self, look: impl FnOnce(&mut Lying) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the card is gone")]
struct Gone;

struct Connected(Place);

impl Transport for Connected {
    type Error = Gone;

    fn transmit(&mut self, command: Cleared<'_>) -> Result<Vec<u8>, Gone> {
        self.0.with(|lying| {
            let exchange = lying.exchanges;
            lying.exchanges += 1;
            if lying.pulled.is_some() {
                return Err(Gone);
            }
            let is_pulled = match lying.pull {
                Pull::Before(at) => exchange == at,
                Pull::Within(at) if exchange == at => {
                    drop(lying.card.answer(command.as_bytes()));
                    true
                }
                Pull::Within(_) | Pull::Never => false,
            };
            if is_pulled {
                lying.card.power_off();
                lying.pulled = Some(Instant::now());
                return Err(Gone);
            }
            Ok(lying.card.answer(command.as_bytes()))
        })
    }
}

impl Reader for Place {
    type Card = Connected;

    fn connect(&mut self) -> Result<Connected, CardFault> {
        if self.presence() == Presence::Present { Ok(Connected(self.clone())) } else { Err(CardFault::CardMissing) }
    }

    fn presence(&mut self) -> Presence {
        if self.with(|lying| lying.pulled.is_some()) { Presence::Absent } else { Presence::Present }
    }

    fn release(&mut self, card: Connected) {
        card.0.with(|lying| lying.card.reset());
    }

    fn fault(Gone: &Gone) -> CardFault {
        CardFault::Removed
    }
}

/// How a dialogue ended.
struct End {
    /// The fault on the screen; `None` when the holder was proven.
    fault: Option<Fault>,
    /// From the pull to the screen.
    took: Option<Duration>,
    /// What the screen says comes back.
    returned: Yen,
    exchanges: usize,
    tries: PinStatus,
    notes: Vec<Note>,
}

/// One dialogue up to the choice of municipality, through the real terminal and the real centre.
fn dialogue(world: &World, profile: ProofProfile, pin: &str, pull: Pull) -> End {
    let card = card_of(world, RESIDENT);
    let place = Place(Arc::new(Mutex::new(Lying { card, pull, exchanges: 0, pulled: None })));
    let config = Config::load(&world.path("kiosk.toml")).expect("the world's terminal");
    let wake = Arc::new(|| {});
    let manner = Manner { removal: Removal::Watched, wait: Wait::Endless };
    let source = Source::CardFile(world.path(&world.resident(RESIDENT).card));
    let operation = Operation { source, manner, tray: world.path("paper"), money: Simulated::default() };
    // A program that another test starts holds every open file for a moment, also the lock of the journal before.
    let assembled = program::wait_for("the journal of the terminal before", 5, || {
        let (wake, reader) = (Arc::clone(&wake), place.clone());
        let start = |post| card_reader::start(move || reader, manner, post).map_err(SetupError::Device);
        match assemble_with(&config, &operation, wake, start) {
            Err(SetupError::Journal(JournalError::InUse { .. })) => None,
            assembled => Some(assembled),
        }
    });
    let mut terminal = assembled.expect("a terminal").terminal;
    terminal.start();
    let mut pin = Pin::parse(pin);
    let deadline = Instant::now() + Duration::from_mins(1);
    let (fault, returned) = loop {
        assert!(Instant::now() < deadline, "the dialogue hangs at {:?}", terminal.view());
        match press(&terminal.view(), &mut pin, &place) {
            Press::Button(event) => terminal.handle(event),
            Press::Nothing => {
                let _waited = terminal.wait(Duration::from_millis(20));
            }
            Press::End(fault, returned) => break (fault, returned),
        }
    };
    let took = place.with(|lying| lying.pulled).map(|pulled| pulled.elapsed());
    let exchanges = place.with(|lying| lying.exchanges);
    let notes = finish(terminal);
    let tries = place.with(|lying| {
        lying.card.reset();
        tries(&mut lying.card, profile)
    });
    End { fault, took, returned, exchanges, tries, notes }
}

enum Press {
    Button(Event),
    Nothing,
    End(Option<Fault>, Yen),
}

fn press(view: &View<'_>, pin: &mut Option<Pin>, place: &Place) -> Press {
    match view {
        View::Menu { .. } => Press::Button(Event::Begun),
        View::ChooseKind { .. } => Press::Button(Event::KindChosen(CertificateKind::Vaccination)),
        View::EnterPin { previous: PreviousPin::Untyped, .. } => match pin.take() {
            Some(pin) => Press::Button(Event::PinEntered(pin)),
            None => Press::Nothing,
        },
        // A wrong PIN was typed: the resident gives up.
        View::EnterPin { .. } => Press::Button(Event::Cancelled),
        View::TakeCard => {
            place.with(|lying| lying.pulled = lying.pulled.or_else(|| Some(Instant::now())));
            Press::Nothing
        }
        View::ChooseMunicipality { .. } => Press::End(None, Yen(0)),
        View::Refused { fault, returned, .. } => Press::End(Some(*fault), *returned),
        View::Unavailable { fault } | View::OutOfOrder { fault } => panic!("the terminal cannot serve: {fault}"),
        _ => Press::Nothing,
    }
}

fn finish(mut terminal: Terminal) -> Vec<Note> {
    let mut notes: Vec<Note> = terminal.take_notes().collect();
    notes.extend(terminal.shut_down());
    notes
}

fn tries(card: &mut SoftwareCard, profile: ProofProfile) -> PinStatus {
    profile::pin_status(&mut Channel::new(card), profile).expect("a card out of the reader is whole")
}

/// A world whose centre takes this proof, and the resident's PIN for it.
fn world_of(profile: ProofProfile) -> (World, String) {
    let world = World::new();
    let pins = world.resident(RESIDENT).pins.clone();
    // One terminal in the street does not begin a hundred dialogues in seconds: its limit is not what is tried.
    world.configure("center.toml", "requests_per_minute = 600", "requests_per_minute = 1000000");
    match profile {
        ProofProfile::InputSupport => (world, pins.input_support),
        ProofProfile::AuthenticationCertificate => {
            world.configure("center.toml", "\"input-support\"", "\"authentication-certificate\"");
            (world, pins.authentication)
        }
    }
}

fn every_exchange(profile: ProofProfile) {
    let (world, pin) = world_of(profile);
    let center = world.center();
    let whole = dialogue(&world, profile, &pin, Pull::Never);
    assert!(whole.fault.is_none(), "{:?}", whole.fault);
    assert!(whole.exchanges > 8, "the dialogue takes {} exchanges", whole.exchanges);
    let (mut wrong_ones, mut times) = (0, Times::default());
    for exchange in 0..whole.exchanges {
        for pull in [Pull::Before(exchange), Pull::Within(exchange)] {
            let end = dialogue(&world, profile, &pin, pull);
            times.note(check(&end, pull));
            assert_eq!(end.tries, PinStatus::TriesLeft(3), "{pull:?} cost a try");
        }
        // The wrong PIN itself costs its one try where it reached the card, and never a second one.
        let pull = Pull::Within(exchange);
        let end = dialogue(&world, profile, "9999", pull);
        let is_reached = end.tries == PinStatus::TriesLeft(2);
        assert!(is_reached || end.tries == PinStatus::TriesLeft(3), "{pull:?} left {:?}", end.tries);
        wrong_ones += usize::from(is_reached);
    }
    times.assert_median(PROMISED);
    assert!(wrong_ones >= 1, "no wrong PIN ever reached the card");
    center.stop();
    assert!(terminal::journal(&world, "kiosk.toml").is_empty(), "something was journaled");
}

#[track_caller]
fn check(end: &End, pull: Pull) -> Duration {
    let expected = Some(Fault::Card(CardFault::Removed));
    assert_eq!(end.fault, expected, "{pull:?}");
    assert_eq!(end.returned, Yen(0));
    for note in &end.notes {
        assert!(!matches!(note, Note::Slot(_) | Note::PaidOut { .. } | Note::Recorded { .. }), "{pull:?}: {note:?}");
    }
    end.took.expect("the card was pulled")
}

#[test]
fn pulled_at_every_exchange_of_the_input_support_proof() {
    every_exchange(ProofProfile::InputSupport);
}

#[test]
fn pulled_at_every_exchange_of_the_authentication_proof() {
    every_exchange(ProofProfile::AuthenticationCertificate);
}

#[test]
fn pulled_from_a_real_reader_at_some_exchanges() {
    let _service = ReaderService::hold();
    for profile in [ProofProfile::InputSupport, ProofProfile::AuthenticationCertificate] {
        let (world, pin) = world_of(profile);
        let center = world.center();
        let application = Application::domestic(world.resident(RESIDENT)).pin(&pin).on_reader(&reader_name(0));
        let mut times = Times::default();
        // The first, the question for the tries, the VERIFY and after it, and in the middle of the files.
        for conduct in
            [Conduct::PulledBefore(0), Conduct::PulledBefore(2), Conduct::PulledWithin(6), Conduct::PulledBefore(9)]
        {
            let card = VirtualCard::put(0, card_of(&world, RESIDENT), conduct.clone());
            let answer = application.apply(&world);
            times.note(card.pulled_at().expect("the card was pulled").elapsed());
            assert_eq!(answer.refusal(), (10, "card-removed"), "{profile:?} {conduct:?}: {answer:?}");
        }
        // The process has ended by then: screen, farewell to the centre and all.
        times.assert_median(PROMISED * 2);
        center.stop();
        assert!(terminal::journal(&world, "kiosk.toml").is_empty(), "something was journaled");
    }
}
