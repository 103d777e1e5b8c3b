//! `kiosk issue`: the whole dialogue without a window. A robot looks at each screen and presses what a
//! resident who knows what they want would press.

use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use shared::card::pin::Pin;
use shared::domain::certificate::{CertificateKind, Form};
use shared::domain::fee::Yen;
use shared::domain::identifiers::MunicipalityCode;
use shared::domain::passport::PassportNumber;
use shared::stable_code::TerminalCode;
use shared::wire::holder::Availability;
use shared::wire::problem::ProblemCode;

use crate::card_reader::{Manner, Removal, Wait};
use crate::coins::acceptor::{Simulated, Thrown};
use crate::config::Config;
use crate::printer::folder::{certificate_path, receipt_path};
use crate::session::effect::{Purpose, Receipt};
use crate::session::event::{Event, PrintProgress};
use crate::session::fault::{Fault, PaymentFault, PinFault, PrinterFault};
use crate::session::view::{View, Work};
use crate::session::{Comparison, PreviousPin};
use crate::setup::{Operation, SetupError, Source, assemble};
use crate::terminal::{Note, Terminal, Waited};

/// What the resident wants.
#[derive(Debug)]
pub struct Wish {
    /// The digits; they are typed once.
    pub pin: Option<Pin>,
    /// Whether the last try may be used.
    pub last_try: LastTry,
    /// The form.
    pub form: Form,
    /// The municipality, where it is named.
    pub municipality: Option<MunicipalityCode>,
    /// The passport number, for the overseas form.
    pub passport: Option<PassportNumber>,
    /// Copies.
    pub copies: u8,
    /// What is thrown into the slot, by worth; the exact fee where it is not said.
    pub coins: Option<Vec<u32>>,
}

/// Whether the last try may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastTry {
    /// The resident knows what a wrong PIN means now.
    Confirmed,
    /// Nobody said so.
    Unconfirmed,
}

/// How events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// One JSON object a line.
    Json,
    /// Sentences.
    Text,
}

/// How it ended.
#[derive(Debug)]
enum End {
    Printed {
        receipt: Receipt,
        certificate: String,
    },
    Refused(Fault),
    /// The command line lacks something that only the dialogue shows.
    Incomplete(TerminalCode, String),
}

/// A card that already lies on the reader is found at once; one that is being put down, soon.
const CARD_WAIT: Duration = Duration::from_secs(5);

/// No answer of any device takes longer; the session's own limits are shorter.
const STEP_LIMIT: Duration = Duration::from_secs(200);

/// Waits for one answer; true where none came and no timer would end the wait either.
fn is_stuck(terminal: &mut Terminal) -> bool {
    terminal.wait(STEP_LIMIT) == Waited::Nothing && terminal.until_timer().is_none()
}

/// Runs the dialogue and gives the exit status.
#[expect(clippy::needless_pass_by_value, reason = "the terminal owns what it was told; a caller hands it over")]
pub fn run(config: &Config, source: Source, tray: PathBuf, wish: Wish, output: Output) -> Result<u8, SetupError> {
    let manner = Manner { removal: Removal::Assumed, wait: Wait::AtMost(CARD_WAIT) };
    let money = Simulated::default();
    let operation = Operation { source, manner, tray: tray.clone(), money: money.clone() };
    let assembled = assemble(config, operation, std::sync::Arc::new(|| {}))?;
    let mut teller = Teller { output };
    for recovered in &assembled.recovered {
        teller.tell(&json!({
            "event": "recovered",
            "transaction": recovered.line.transaction,
            "found": recovered.found,
            "outcome": recovered.outcome,
            "returned": recovered.returned,
        }));
    }
    let mut terminal = assembled.terminal;
    let mut robot = Robot::new(wish, money);
    terminal.start();
    let end = robot.finish(&mut terminal, &mut teller);
    for note in terminal.shut_down() {
        teller.note(&note);
    }
    Ok(match end {
        End::Printed { receipt, certificate } => {
            teller.tell(&json!({
                "event": "finished",
                "outcome": "printed",
                "issuance": receipt.issuance,
                "certificate": certificate,
                "pdf": config.printer.uri.is_none().then(|| certificate_path(&tray, &receipt.issuance)),
                "printer": config.printer.uri,
                "receipt": receipt_path(&tray, &receipt.issuance),
                "copies": receipt.copies,
                "fee": receipt.fee,
                "change": receipt.change,
            }));
            0
        }
        End::Refused(fault) => {
            teller.refused(fault.code(), &fault.to_string(), tries_left(fault));
            fault.exit_status()
        }
        End::Incomplete(code, message) => {
            teller.refused(code.as_str(), &message, None);
            2
        }
    })
}

/// Tells why nothing was even begun.
pub fn tell_refusal(output: Output, code: TerminalCode, message: &str) {
    Teller { output }.refused(code.as_str(), message, None);
}

const fn tries_left(fault: Fault) -> Option<u8> {
    match fault {
        Fault::Pin(PinFault::Wrong { tries_left }) => Some(tries_left),
        Fault::Pin(PinFault::LastTryUnconfirmed) => Some(1),
        Fault::Pin(PinFault::Locked) => Some(0),
        _ => None,
    }
}

/// Presses the buttons.
struct Robot {
    wish: Wish,
    /// What is still in the resident's hand, once the fee is known.
    purse: Option<VecDeque<u32>>,
    /// Where it is thrown in.
    money: Simulated,
    /// What had been counted when a coin was thrown in that has not been counted yet.
    thrown: Option<Yen>,
    progress: Option<PrintProgress>,
}

/// What the robot does at a screen.
enum Press {
    Button(Event),
    Nothing,
    /// Something is missing or refused: cancel where that is possible, and end so.
    GiveUp(End),
    Done(End),
}

impl Robot {
    const fn new(wish: Wish, money: Simulated) -> Self {
        Self { wish, purse: None, money, thrown: None, progress: None }
    }

    fn finish(&mut self, terminal: &mut Terminal, teller: &mut Teller) -> End {
        loop {
            let press = self.look(&terminal.view(), teller);
            terminal.take_notes().for_each(|note| teller.note(&note));
            match press {
                Press::Button(event) => terminal.handle(event),
                Press::Done(end) => return end,
                Press::GiveUp(end) => {
                    terminal.handle(Event::Cancelled);
                    terminal.take_notes().for_each(|note| teller.note(&note));
                    return end;
                }
                Press::Nothing if is_stuck(terminal) => return End::Refused(Fault::Abandoned),
                Press::Nothing => {}
            }
        }
    }

    fn look(&mut self, view: &View<'_>, teller: &mut Teller) -> Press {
        let done = |fault| Press::Done(End::Refused(fault));
        match view {
            View::Working(Work::Printing(progress)) => {
                self.printing(*progress, teller);
                Press::Nothing
            }
            View::Starting | View::PlaceCard | View::TakeCard | View::Working(_) | View::Staff(_) => Press::Nothing,
            View::Menu { .. } => Press::Button(Event::Begun),
            View::Closed { .. } => done(Fault::Refused(ProblemCode::OutOfHours)),
            View::Stopped | View::OutOfService { .. } => done(Fault::Refused(ProblemCode::ServiceStopped)),
            View::Unavailable { fault } | View::Refused { fault, .. } | View::OutOfOrder { fault } => done(*fault),
            View::ChooseKind { .. } => Press::Button(Event::KindChosen(CertificateKind::Vaccination)),
            View::ConfirmLastTry { previous: PreviousPin::Wrong, .. } => {
                refuse(Fault::Pin(PinFault::Wrong { tries_left: 1 }))
            }
            View::ConfirmLastTry { .. } => match self.wish.last_try {
                LastTry::Confirmed => Press::Button(Event::LastTryConfirmed),
                LastTry::Unconfirmed => refuse(Fault::Pin(PinFault::LastTryUnconfirmed)),
            },
            View::EnterPin { previous: PreviousPin::Wrong, tries_left, .. } => {
                refuse(Fault::Pin(PinFault::Wrong { tries_left: *tries_left }))
            }
            View::EnterPin { .. } => match self.wish.pin.take() {
                Some(pin) => Press::Button(Event::PinEntered(pin)),
                None => refuse(Fault::Cancelled),
            },
            View::ChooseMunicipality { .. }
            | View::ChooseForm { .. }
            | View::ConfirmPassport { .. }
            | View::ChooseCopies { .. } => self.choose(view),
            View::Preview { .. } => Press::Button(Event::ContentConfirmed),
            View::Pay { fee, inserted, notice } => self.pay(*fee, *inserted, *notice, teller),
            View::TakePaper { .. } => Press::Button(Event::PaperTaken),
            View::Thanks { certificate, receipt } => {
                Press::Done(End::Printed { receipt: (*receipt).clone(), certificate: certificate.to_string() })
            }
            View::PaperLeft { .. } | View::CardLeft => done(Fault::Abandoned),
        }
    }

    fn printing(&mut self, progress: PrintProgress, teller: &mut Teller) {
        if self.progress.replace(progress) != Some(progress) && progress.sides > 0 {
            teller.tell(&json!({
                "event": "printing",
                "sides_done": progress.sides_done,
                "sides": progress.sides,
                "trouble": progress.trouble.map(PrinterFault::code),
            }));
        }
    }

    fn choose(&mut self, view: &View<'_>) -> Press {
        match view {
            View::ChooseMunicipality { offers } => match (&self.wish.municipality, *offers) {
                (Some(code), _) => Press::Button(Event::MunicipalityChosen(code.clone())),
                (None, [only]) => Press::Button(Event::MunicipalityChosen(only.municipality.clone())),
                (None, several) => {
                    let codes: Vec<&str> = several.iter().map(|offer| offer.municipality.as_str()).collect();
                    let message = format!("name one with --municipality: {}", codes.join(", "));
                    Press::GiveUp(End::Incomplete(TerminalCode::MunicipalityNeeded, message))
                }
            },
            View::ChooseForm { forms, .. } => {
                match forms.iter().find(|offer| offer.form == self.wish.form).map(|offer| &offer.availability) {
                    Some(Availability::Refused { code }) => refuse(Fault::Refused(*code)),
                    Some(Availability::PassportNeeded { .. }) if self.wish.passport.is_none() => passport_needed(),
                    Some(Availability::Open | Availability::PassportNeeded { .. }) => {
                        Press::Button(Event::FormChosen(self.wish.form))
                    }
                    None => refuse(Fault::Refused(ProblemCode::NoRecord)),
                }
            }
            View::ConfirmPassport { comparison: Comparison::Differed(_), .. } => {
                refuse(Fault::Refused(ProblemCode::PassportMismatch))
            }
            View::ConfirmPassport { .. } => match self.wish.passport.take() {
                Some(number) => Press::Button(Event::PassportTyped(number)),
                None => passport_needed(),
            },
            View::ChooseCopies { .. } => Press::Button(Event::CopiesChosen(self.wish.copies)),
            _ => Press::Nothing,
        }
    }

    fn pay(&mut self, fee: Yen, inserted: Yen, notice: Option<PaymentFault>, teller: &mut Teller) -> Press {
        if let Some(fault) = notice.filter(|fault| *fault != PaymentFault::NotTaken) {
            return refuse(Fault::Payment(fault));
        }
        let wish = &self.wish;
        let purse = self.purse.get_or_insert_with(|| match &wish.coins {
            Some(coins) => coins.iter().copied().collect(),
            None => exact(fee),
        });
        // One coin after another, as through a slot: the next when the one before was counted.
        if self.thrown == Some(inserted) {
            return Press::Nothing;
        }
        while let Some(worth) = purse.front().copied() {
            match self.money.insert(worth) {
                Thrown::Shut => return Press::Nothing,
                Thrown::Taken => self.thrown = Some(inserted),
                Thrown::NotMoney => teller.tell(&json!({"event": "coin-rejected", "worth": worth})),
            }
            purse.pop_front();
            if self.thrown == Some(inserted) {
                return Press::Nothing;
            }
        }
        refuse(Fault::Payment(PaymentFault::Insufficient { inserted, fee }))
    }
}

fn refuse(fault: Fault) -> Press {
    Press::GiveUp(End::Refused(fault))
}

fn passport_needed() -> Press {
    let message = "the overseas form needs the passport number: --passport NUMBER".to_owned();
    Press::GiveUp(End::Incomplete(TerminalCode::PassportNeeded, message))
}

/// The fee in hundreds and tens.
fn exact(fee: Yen) -> VecDeque<u32> {
    let hundreds = std::iter::repeat_n(100, (fee.0 / 100) as usize);
    hundreds.chain(std::iter::repeat_n(10, (fee.0 % 100 / 10) as usize)).collect()
}

/// Writes events to standard output.
#[derive(Debug)]
struct Teller {
    output: Output,
}

impl Teller {
    fn refused(&mut self, code: &str, message: &str, tries_left: Option<u8>) {
        let mut event = json!({"event": "refused", "code": code, "message": message});
        if let (Some(object), Some(tries)) = (event.as_object_mut(), tries_left) {
            object.insert("tries_left".to_owned(), tries.into());
        }
        self.tell(&event);
    }

    fn note(&mut self, note: &Note) {
        match note {
            Note::Recorded { transaction, state } => {
                self.tell(&json!({"event": "recorded", "transaction": transaction, "state": state}));
            }
            Note::PaidOut { purpose, amount } => {
                let purpose = match purpose {
                    Purpose::Change => "change",
                    Purpose::Refund => "refund",
                    Purpose::Returned => "returned",
                };
                self.tell(&json!({"event": "paid-out", "purpose": purpose, "amount": amount}));
            }
            Note::OutcomeKnown { transaction, outcome } => {
                self.tell(&json!({"event": "outcome-known", "transaction": transaction, "outcome": outcome}));
            }
            Note::Slot(_) | Note::Sound(_) => {}
        }
    }

    fn tell(&mut self, event: &Value) {
        let line = match self.output {
            Output::Json => event.to_string(),
            Output::Text => sentence(event),
        };
        let mut output = io::stdout().lock();
        // A reader that went away must not keep the journal from being closed properly.
        if writeln!(output, "{line}").and_then(|()| output.flush()).is_err() {
            tracing::warn!("nobody reads the events");
        }
    }
}

/// An event for people: its name and its fields.
fn sentence(event: &Value) -> String {
    let mut words = Vec::new();
    for (name, value) in event.as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        words.push(if name == "event" { value } else { format!("{name}={value}") });
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exact_fee_is_made_of_hundreds_and_tens() {
        assert_eq!(exact(Yen(120)), [100, 10, 10]);
        assert_eq!(exact(Yen(360)), [100, 100, 100, 10, 10, 10, 10, 10, 10]);
    }
}
