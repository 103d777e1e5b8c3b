//! What outlives a step of the dialogue: settings, hopper, timer, and where the card is.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use shared::domain::fee::Yen;
use shared::domain::identifiers::{IdempotencyKey, TerminalId, TransactionId};
use shared::proof::Digest;

use super::closure::Closure;
use super::effect::{Effect, Sound};
use super::event::TimerId;
use super::fault::{Fault, PaymentFault, PrinterFault};
use crate::coins::Coins;

/// Draws 128 random bits; `None` where the system cannot.
pub type Random = Box<dyn FnMut() -> Option<[u8; 16]> + Send>;

/// What is fixed for a terminal.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The terminal's number.
    pub terminal: TerminalId,
    /// SHA-256 of the DER of its TLS certificate.
    pub tls_identity: Digest,
    /// The centre's public key for bindings: the uncompressed P-256 point.
    pub binding_key: Vec<u8>,
    /// How long things may take.
    pub limits: Limits,
}

/// How long things may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A print; then it is stopped whole and the fee comes back.
    pub print: Duration,
}

impl Limits {
    /// A real terminal prints in about two minutes; with the stop, every print ends within three.
    pub const USUAL: Self = Self { print: Duration::from_secs(150) };
}

/// Where the resident's card is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CardPlace {
    OnReader,
    Away,
}

/// How long a state lasts untouched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// The resident's turn: a warning after [`IDLE`], the end [`WARNED`] later.
    Resident,
    /// Staff's turn: the same with [`STAFF_IDLE`].
    Staff,
    /// A device's turn.
    Device(Duration),
    /// The printer's turn.
    Printer,
    /// Something lies about: a sound every [`ALARM`], and after so many the state is overdue.
    Alarm(u32),
    /// The screen changes by itself.
    Display(Duration),
    /// For ever.
    Endless,
}

impl Patience {
    /// Whether somebody's touch begins it anew, and its end is announced.
    pub(super) const fn is_somebodys(self) -> bool {
        matches!(self, Self::Resident | Self::Staff)
    }
}

/// Untouched for so long: the warning.
pub(super) const IDLE: Duration = Duration::from_secs(40);
/// Staff reads, walks to the printer and comes back: untouched for so long, the warning.
pub(super) const STAFF_IDLE: Duration = Duration::from_secs(160);
/// Untouched for so long after the warning: the end.
pub(super) const WARNED: Duration = Duration::from_secs(20);
/// Between two alarms.
pub(super) const ALARM: Duration = Duration::from_secs(10);

/// What a step may look at and change besides its own state.
pub(super) struct Context {
    pub(super) settings: Settings,
    pub(super) now: Timestamp,
    pub(super) hopper: Coins,
    pub(super) card: CardPlace,
    /// Why no further resident is served, where that is so.
    pub(super) broken: Option<Fault>,
    /// Why staff lets no resident be served, where that is so.
    pub(super) closure: Option<Closure>,
    /// What could not be given out since the start.
    owed: Yen,
    /// Rings of the present state's timer.
    pub(super) rings: u32,
    timer: u64,
    random: Random,
}

impl Context {
    pub(super) fn new(settings: Settings, hopper: Coins, random: Random) -> Self {
        Self {
            settings,
            now: Timestamp::UNIX_EPOCH,
            hopper,
            card: CardPlace::Away,
            broken: None,
            closure: None,
            owed: Yen(0),
            rings: 0,
            timer: 0,
            random,
        }
    }

    pub(super) fn fresh_transaction(&mut self) -> Option<TransactionId> {
        (self.random)().map(TransactionId::from_random)
    }

    pub(super) fn fresh_key(&mut self) -> Option<IdempotencyKey> {
        (self.random)().map(IdempotencyKey::from_random)
    }

    /// Adds to what the terminal owes, and gives the sum.
    pub(super) fn owe(&mut self, amount: Yen) -> Yen {
        self.owed = self.owed.plus(amount).unwrap_or(self.owed);
        self.owed
    }

    /// Staff has given what the terminal owed, and decided what it did not know.
    pub(super) fn settle(&mut self) {
        self.owed = Yen(0);
        let is_settled = |fault: &Fault| {
            let unknown = Fault::Printer(PrinterFault::Unknown);
            *fault == unknown || matches!(fault, Fault::Unresolved | Fault::Payment(PaymentFault::Owed { .. }))
        };
        self.broken = self.broken.filter(|fault| !is_settled(fault));
    }

    /// A device that staff has looked after is tried anew; what only a decision settles stays.
    pub(super) fn try_anew(&mut self) {
        let is_device = |fault: &Fault| {
            let unusable = Fault::Printer(PrinterFault::Unusable);
            *fault == unusable
                || matches!(fault, Fault::Journal | Fault::Card(_) | Fault::Payment(PaymentFault::Acceptor(_)))
        };
        self.broken = self.broken.filter(|fault| !is_device(fault));
    }

    pub(super) const fn is_current(&self, timer: TimerId) -> bool {
        timer.0 == self.timer
    }

    /// Starts the timer anew; every timer before is forgotten.
    pub(super) fn arm(&mut self, patience: Patience) -> Option<Effect> {
        self.timer += 1;
        let after = match (patience, self.rings) {
            (Patience::Resident, 0) => IDLE,
            (Patience::Staff, 0) => STAFF_IDLE,
            (Patience::Resident | Patience::Staff, _) => WARNED,
            (Patience::Device(limit) | Patience::Display(limit), _) => limit,
            (Patience::Printer, _) => self.settings.limits.print,
            (Patience::Alarm(_), _) => ALARM,
            (Patience::Endless, _) => return None,
        };
        Some(Effect::StartTimer { timer: TimerId(self.timer), after })
    }

    /// What a ring of the timer means; `None` means the state is overdue.
    pub(super) fn ring(&mut self, patience: Patience) -> Option<Vec<Effect>> {
        self.rings += 1;
        let sound = match patience {
            Patience::Resident | Patience::Staff if self.rings == 1 => Sound::Warning,
            Patience::Alarm(limit) if self.rings < limit => Sound::Alarm,
            Patience::Resident
            | Patience::Staff
            | Patience::Alarm(_)
            | Patience::Device(_)
            | Patience::Printer
            | Patience::Display(_) => return None,
            Patience::Endless => return Some(Vec::new()),
        };
        Some([Some(Effect::Sound(sound)), self.arm(patience)].into_iter().flatten().collect())
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("settings", &self.settings.terminal).finish_non_exhaustive()
    }
}
