//! A bench for the session: devices that answer when told to, a journal, a ledger.

mod answers;
mod faults;

use std::rc::Rc;

use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use shared::card::pin::{Pin, PinStatus};
use shared::domain::certificate::{CertificateKind, Form};
use shared::domain::fee::Yen;
use shared::domain::identifiers::{IdempotencyKey, MunicipalityCode, TerminalId, TransactionId};
use shared::wire::holder::Availability;
use shared::wire::issuance::IssuanceRequest;

pub(super) use self::answers::Crossing;
use self::answers::{challenge, greeting, holder_answer, issue, proof};
use crate::coins::Coins;
use crate::session::effect::{Effect, Fact};
use crate::session::event::{CardAnswer, CenterAnswer, Event, PrintEnd, PrinterAnswer, TimerId};
use crate::session::fault::PrinterFault;
use crate::session::view::{View, Work};
use crate::session::{Limits, Session, Settings};

/// Places of the dialogue, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    PlaceCard,
    ChooseKind,
    ReadTries,
    EnterPin,
    Challenging,
    Proving,
    TakeCard,
    ChooseMunicipality,
    ChooseForm,
    ChooseCopies,
    Requesting,
    Preview,
    Pay,
}

impl Stage {
    pub(super) const ALL: [Self; 13] = [
        Self::PlaceCard,
        Self::ChooseKind,
        Self::ReadTries,
        Self::EnterPin,
        Self::Challenging,
        Self::Proving,
        Self::TakeCard,
        Self::ChooseMunicipality,
        Self::ChooseForm,
        Self::ChooseCopies,
        Self::Requesting,
        Self::Preview,
        Self::Pay,
    ];
}

pub(super) type Answer = Rc<dyn Fn() -> Event>;

#[expect(clippy::struct_excessive_bools, reason = "each is a device that is at fault or not")]
pub(super) struct Bench {
    pub(super) session: Session,
    pub(super) inserted: Yen,
    pub(super) paid_out: Yen,
    /// Coins of each kind that the hopper lacks, whatever was counted.
    pub(super) lacking: Coins,
    /// How every print ends, where it does not end well.
    printer_ends: Option<PrintEnd>,
    /// The printer says nothing any more.
    pub(super) printer_is_silent: bool,
    /// The centre says nothing that helps any more.
    centre_is_gone: bool,
    /// What did not leave although it was to.
    pub(super) owed: Yen,
    pub(super) prints: Vec<TransactionId>,
    pub(super) facts: Vec<(TransactionId, Fact)>,
    pub(super) log: Vec<String>,
    pub(super) hopper_at_start: Coins,
    pub(super) pending: Vec<(&'static str, Answer)>,
    pub(super) past: Vec<Answer>,
    pub(super) journal_left: Option<usize>,
    pub(super) now: Timestamp,
    timer: Option<TimerId>,
    key: Rc<EcdsaKeyPair>,
    asked: Option<(TransactionId, IdempotencyKey, IssuanceRequest)>,
}

pub(super) fn terminal() -> TerminalId {
    TerminalId::parse("0001").unwrap()
}

pub(super) fn municipality() -> MunicipalityCode {
    MunicipalityCode::parse("131016").unwrap()
}

impl Bench {
    pub(super) fn at(stage: Stage) -> Self {
        let mut bench = Self::with_hopper(Coins::FILLED);
        bench.go_to(stage);
        bench
    }

    pub(super) fn finished() -> Self {
        let mut bench = Self::at(Stage::Pay);
        bench.handle(Event::MoneyInserted(crate::coins::Denomination::FiveHundred));
        bench.answer_all();
        bench.handle(Event::PaperTaken);
        bench
    }

    pub(super) fn with_hopper(hopper: Coins) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).unwrap();
        let settings = Settings {
            terminal: terminal(),
            tls_identity: [1; 32],
            binding_key: key.public_key().as_ref().to_vec(),
            limits: Limits::USUAL,
        };
        let mut count = 0_u128;
        let random = Box::new(move || {
            count += 1;
            Some(count.to_be_bytes())
        });
        let mut bench = Self {
            session: Session::new(settings, hopper, random),
            inserted: Yen(0),
            paid_out: Yen(0),
            lacking: Coins::default(),
            owed: Yen(0),
            printer_ends: None,
            printer_is_silent: false,
            centre_is_gone: false,
            prints: Vec::new(),
            facts: Vec::new(),
            log: Vec::new(),
            hopper_at_start: hopper,
            pending: Vec::new(),
            past: Vec::new(),
            journal_left: None,
            now: "2022-10-03T01:00:00Z".parse().unwrap(),
            timer: None,
            key: Rc::new(key),
            asked: None,
        };
        let effects = bench.session.start();
        bench.carry_out(effects);
        bench.answer_all();
        bench
    }

    /// Walks from the menu.
    pub(super) fn go_to(&mut self, stage: Stage) {
        self.handle(Event::Begun);
        for next in Stage::ALL.into_iter().filter(|next| (Stage::ChooseKind..=stage).contains(next)) {
            match next {
                Stage::PlaceCard => {}
                Stage::ReadTries => self.handle(Event::KindChosen(CertificateKind::Vaccination)),
                Stage::ChooseKind
                | Stage::EnterPin
                | Stage::Proving
                | Stage::TakeCard
                | Stage::ChooseMunicipality
                | Stage::Preview => self.answer_pending(),
                Stage::Challenging => self.enter_pin(),
                Stage::ChooseForm => self.handle(Event::MunicipalityChosen(municipality())),
                Stage::ChooseCopies => self.handle(Event::FormChosen(Form::Domestic)),
                Stage::Requesting => self.handle(Event::CopiesChosen(1)),
                Stage::Pay => self.handle(Event::ContentConfirmed),
            }
        }
    }

    pub(super) fn handle(&mut self, event: Event) {
        if let Event::MoneyInserted(denomination) = &event {
            self.inserted = self.inserted.plus(denomination.worth()).unwrap();
        }
        let effects = self.session.handle(event, self.now);
        self.carry_out(effects);
    }

    pub(super) fn enter_pin(&mut self) {
        self.handle(Event::PinEntered(Pin::parse("1234").unwrap()));
    }

    /// Lets the timer run out.
    pub(super) fn ring(&mut self) {
        if let Some(timer) = self.timer {
            self.handle(Event::TimedOut(timer));
        }
    }

    /// Lets every device answer what it was asked before, not what the answers lead to.
    fn answer_pending(&mut self) {
        for (_, answer) in std::mem::take(&mut self.pending) {
            self.past.push(Rc::clone(&answer));
            self.handle(answer());
        }
    }

    /// Lets every device answer until none is asked any more.
    pub(super) fn answer_all(&mut self) {
        while !self.pending.is_empty() {
            self.answer_pending();
        }
    }

    pub(super) fn answer_only(&mut self, name: &str) {
        let place = self.pending.iter().position(|(pending, _)| *pending == name).unwrap();
        let (_, answer) = self.pending.remove(place);
        self.handle(answer());
    }

    /// A device does not answer what it was asked.
    pub(super) fn forget(&mut self, name: &str) {
        self.pending.retain(|(pending, _)| *pending != name);
    }

    /// Whether the dialogue this bench was made for is over.
    pub(super) fn begun_again(&self) -> bool {
        self.session.transaction().is_none()
    }

    pub(super) fn forget_answers(&mut self) {
        self.pending.clear();
    }

    pub(super) fn pending_answers(&self) -> Vec<Answer> {
        self.pending.iter().map(|(_, answer)| Rc::clone(answer)).collect()
    }

    /// The journal takes so many more records.
    pub(super) const fn fail_journal_after(&mut self, records: usize) {
        self.journal_left = Some(records);
    }

    pub(super) fn card(&mut self, answer: CardAnswer) {
        let transaction = self.session.transaction().unwrap().clone();
        self.handle(Event::Card { transaction, answer });
    }

    pub(super) fn center(&mut self, answer: CenterAnswer) {
        let transaction = self.session.transaction().unwrap().clone();
        self.handle(Event::Center { transaction, answer });
    }

    pub(super) fn printer(&mut self, end: PrintEnd) {
        let transaction = self.session.transaction().unwrap().clone();
        self.handle(Event::Printer { transaction, answer: PrinterAnswer::Ended(end) });
    }

    /// The facts of the transaction that was journaled last.
    pub(super) fn facts_of_last(&self) -> Vec<&Fact> {
        let last = self.facts.last().map(|(transaction, _)| transaction);
        self.facts.iter().filter(|(transaction, _)| Some(transaction) == last).map(|(_, fact)| fact).collect()
    }

    pub(super) fn issue_crossed(&mut self, crossing: Crossing) {
        let (transaction, key, request) = self.asked.clone().unwrap();
        let answer = CenterAnswer::Issuance(Ok(Box::new(issue(&self.key, &key, &request, Some(crossing)))));
        self.handle(Event::Center { transaction, answer });
    }

    /// The money that lies in the slot, not yet paid.
    pub(super) fn in_slot(&self) -> Yen {
        match self.session.view() {
            View::Pay { inserted, .. } => inserted,
            _ => Yen(0),
        }
    }

    /// Whether the terminal waits for its next resident, or for staff.
    pub(super) fn is_at_rest(&self) -> bool {
        matches!(self.session.view(), View::Menu { .. } | View::OutOfOrder { .. } | View::PaperLeft { .. })
    }

    /// Whether a device is at work that will answer or be given up.
    pub(super) fn is_printing(&self) -> bool {
        matches!(self.session.view(), View::Working(Work::Printing(_) | Work::CancellingPrint))
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let text = format!("{effect:?}");
            let name: String = text.chars().take_while(|c| c.is_alphanumeric()).collect();
            if name != "Recorded" {
                self.log.push(name);
            }
            self.act(effect);
        }
    }

    fn act(&mut self, effect: Effect) {
        match effect {
            Effect::Greet => self.pend("Greet", || Event::Greeted(Ok(Box::new(greeting())))),
            Effect::WatchCard { .. } => self.pend("Watch", || Event::CardPlaced),
            Effect::ReadTries { transaction, .. } => self.pend("Tries", move || Event::Card {
                transaction: transaction.clone(),
                answer: CardAnswer::Tries(PinStatus::TriesLeft(3)),
            }),
            Effect::Prove(prove) => self.pend("Prove", move || Event::Card {
                transaction: prove.transaction.clone(),
                answer: CardAnswer::Proven(Box::new(proof())),
            }),
            Effect::ReleaseCard => self.pend("Release", || Event::CardRemoved),
            Effect::AskChallenge { transaction, .. } => {
                let now = self.now;
                self.pend_centre("Challenge", transaction, move || CenterAnswer::Challenge(Ok(challenge(now))));
            }
            Effect::AskHolder { transaction, .. } => self.pend_centre("Holder", transaction, || {
                let masked = "******001".to_owned();
                CenterAnswer::Holder(Ok(holder_answer(Availability::PassportNeeded { masked })))
            }),
            Effect::CheckPassport { transaction, .. } => {
                self.pend_centre("Passport", transaction, || CenterAnswer::Passport(Ok(())));
            }
            Effect::AskIssuance { transaction, key, request } => {
                self.asked = Some((transaction.clone(), key.clone(), request.clone()));
                let pair = Rc::clone(&self.key);
                self.pend_centre("Issuance", transaction, move || {
                    CenterAnswer::Issuance(Ok(Box::new(issue(&pair, &key, &request, None))))
                });
            }
            Effect::Print { document } => {
                let transaction = document.transaction().clone();
                self.prints.push(transaction.clone());
                self.pend_print("Printed", transaction, PrintEnd::Presented);
            }
            Effect::CancelPrint { transaction } => {
                self.pend_print("Stopped", transaction, PrintEnd::Failed(PrinterFault::TooSlow));
            }
            Effect::Recorded { record, then } => self.record(record.transaction, record.fact, then),
            Effect::PayOut(order) => self.pay_out(order),
            Effect::StartTimer { timer, .. } => self.timer = Some(timer),
            Effect::AcceptMoney
            | Effect::RefuseMoney
            | Effect::PrintReceipt(_)
            | Effect::ReportOutcome { .. }
            | Effect::Sound(_) => {}
        }
    }

    fn record(&mut self, transaction: TransactionId, fact: Fact, then: Vec<Effect>) {
        if let Some(left) = &mut self.journal_left {
            let Some(rest) = left.checked_sub(1) else {
                return self.handle(Event::JournalFailed { undone: then });
            };
            *left = rest;
        }
        let text = format!("{fact:?}");
        self.log.push(text.chars().take_while(|c| c.is_alphanumeric()).collect());
        self.facts.push((transaction, fact));
        self.carry_out(then);
    }

    fn pend(&mut self, name: &'static str, answer: impl Fn() -> Event + 'static) {
        self.pending.push((name, Rc::new(answer)));
    }
}
