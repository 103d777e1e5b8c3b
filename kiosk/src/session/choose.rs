//! From the proven holder to the content on the screen: municipality, form, passport, copies, request.

use shared::binding::Expectation;
use shared::domain::certificate::Form;
use shared::domain::fee::MAXIMUM_COPIES;
use shared::domain::identifiers::{IdempotencyKey, MunicipalityCode, TransactionId};
use shared::domain::passport::PassportNumber;
use shared::proof::sha256;
use shared::wire::holder::{Availability, MunicipalityOffer};
use shared::wire::issuance::{IssuanceAnswer, IssuanceRequest};
use shared::wire::passport::PassportRequest;
use shared::wire::problem::ProblemCode;

use super::bound_document::{BoundDocument, Check};
use super::context::Context;
use super::effect::{Effect, Fact, Record};
use super::end;
use super::event::{CenterAnswer, CenterFault, Event};
use super::fault::Fault;
use super::identify::Holder;
use super::pay::Pay;
use super::state::{State, Step};
use crate::coins::Coins;

/// Which municipality.
#[derive(Debug)]
pub(super) struct ChooseMunicipality {
    pub(super) holder: Holder,
}

/// Which form.
#[derive(Debug)]
pub(super) struct ChooseForm {
    pub(super) holder: Holder,
    pub(super) offer: MunicipalityOffer,
    /// Why the form last chosen cannot be had.
    pub(super) notice: Option<ProblemCode>,
}

/// A municipality and a form for a holder.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) holder: Holder,
    pub(super) offer: MunicipalityOffer,
    pub(super) form: Form,
}

/// The resident types the passport number, or the centre compares it.
#[derive(Debug)]
pub(super) struct CheckPassport {
    pub(super) order: Order,
    pub(super) masked: String,
    pub(super) comparison: Comparison,
}

/// Where the comparison of the passport number stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Nothing was typed yet.
    Untyped,
    /// The centre compares.
    Asking,
    /// It differed; so many tries are left, where the centre says.
    Differed(Option<u8>),
}

/// How many copies.
#[derive(Debug)]
pub(super) struct ChooseCopies {
    pub(super) order: Order,
}

/// The centre makes the certificate.
#[derive(Debug)]
pub(super) struct Requesting {
    pub(super) order: Order,
    pub(super) copies: u8,
    pub(super) key: IdempotencyKey,
}

/// The resident reads the content.
#[derive(Debug)]
pub(super) struct Preview {
    pub(super) document: BoundDocument,
}

impl ChooseMunicipality {
    pub(super) fn on(self, event: &Event, context: &mut Context) -> Step {
        let Event::MunicipalityChosen(code) = event else {
            return Step::stay(State::ChooseMunicipality(self));
        };
        match self.holder.municipalities.iter().find(|offer| offer.municipality == *code).cloned() {
            Some(offer) => {
                Step::enter(State::ChooseForm(ChooseForm { holder: self.holder, offer, notice: None }), Vec::new())
            }
            None => {
                end(&State::ChooseMunicipality(self), Fault::Refused(ProblemCode::MunicipalityWithoutRecord), context)
            }
        }
    }
}

impl ChooseForm {
    pub(super) fn on(self, event: &Event) -> Step {
        match event {
            Event::FormChosen(form) => self.chosen(*form),
            Event::Back => self.holder.choose(),
            _ => Step::stay(State::ChooseForm(self)),
        }
    }

    fn chosen(self, form: Form) -> Step {
        let availability = self.offer.forms.iter().find(|offer| offer.form == form).map(|offer| &offer.availability);
        match availability.cloned() {
            Some(Availability::Open) => Order::from(self, form).copies(),
            Some(Availability::PassportNeeded { masked }) => {
                let state = CheckPassport { order: Order::from(self, form), masked, comparison: Comparison::Untyped };
                Step::enter(State::CheckPassport(state), Vec::new())
            }
            Some(Availability::Refused { code }) => {
                Step::enter(State::ChooseForm(Self { notice: Some(code), ..self }), Vec::new())
            }
            None => Step::stay(State::ChooseForm(self)),
        }
    }
}

impl Order {
    fn from(choice: ChooseForm, form: Form) -> Self {
        Self { holder: choice.holder, offer: choice.offer, form }
    }

    const fn copies(self) -> Step {
        Step::enter(State::ChooseCopies(ChooseCopies { order: self }), Vec::new())
    }

    fn back(self) -> Step {
        Step::enter(State::ChooseForm(ChooseForm { holder: self.holder, offer: self.offer, notice: None }), Vec::new())
    }
}

impl CheckPassport {
    /// Whether it is the centre's turn.
    pub(super) const fn is_asking(&self) -> bool {
        matches!(self.comparison, Comparison::Asking)
    }

    pub(super) fn on(self, event: Event, context: &mut Context) -> Step {
        match (event, self.is_asking()) {
            (Event::PassportTyped(number), false) => self.ask(number),
            (Event::Back, false) => self.order.back(),
            (Event::Center { answer: CenterAnswer::Passport(answer), .. }, true) => self.answered(answer, context),
            (_, true | false) => Step::stay(State::CheckPassport(self)),
        }
    }

    fn ask(self, number: PassportNumber) -> Step {
        let effect = Effect::CheckPassport {
            transaction: self.order.holder.claim.transaction.clone(),
            session: self.order.holder.session.clone(),
            request: PassportRequest { number },
        };
        Step::enter(State::CheckPassport(Self { comparison: Comparison::Asking, ..self }), vec![effect])
    }

    fn answered(self, answer: Result<(), CenterFault>, context: &mut Context) -> Step {
        let fault = match answer {
            Ok(()) => return self.order.copies(),
            Err(fault) => fault,
        };
        let tries_left = match &fault {
            CenterFault::Problem(problem) if problem.code == ProblemCode::PassportMismatch => problem.tries_left,
            CenterFault::Problem(_) | CenterFault::Trouble(_) => {
                return end(&State::CheckPassport(self), fault.fault(), context);
            }
        };
        Step::enter(State::CheckPassport(Self { comparison: Comparison::Differed(tries_left), ..self }), Vec::new())
    }
}

impl ChooseCopies {
    pub(super) fn on(self, event: &Event, context: &mut Context) -> Step {
        match event {
            Event::CopiesChosen(copies) if (1..=MAXIMUM_COPIES).contains(copies) => self.request(*copies, context),
            Event::Back => self.order.back(),
            _ => Step::stay(State::ChooseCopies(self)),
        }
    }

    /// The key is durable before the request leaves: after a crash the centre can be told.
    fn request(self, copies: u8, context: &mut Context) -> Step {
        let Some(key) = context.fresh_key() else {
            return end(&State::ChooseCopies(self), Fault::Random, context);
        };
        let transaction = self.order.holder.claim.transaction.clone();
        let request = IssuanceRequest {
            session: self.order.holder.session.clone(),
            municipality: self.order.offer.municipality.clone(),
            form: self.order.form,
            copies,
        };
        let record = Record { transaction: transaction.clone(), key: key.clone(), fact: Fact::Requested { copies } };
        let ask = Effect::AskIssuance { transaction, key: key.clone(), request };
        Step::enter(
            State::Requesting(Requesting { order: self.order, copies, key }),
            vec![Effect::Recorded { record, then: vec![ask] }],
        )
    }
}

impl Requesting {
    pub(super) fn on(self, event: Event, context: &mut Context) -> Step {
        match event {
            Event::Center { answer: CenterAnswer::Issuance(Ok(answer)), .. } => self.received(*answer, context),
            Event::Center { answer: CenterAnswer::Issuance(Err(fault)), .. } => {
                end(&State::Requesting(self), fault.fault(), context)
            }
            _ => Step::stay(State::Requesting(self)),
        }
    }

    fn received(self, answer: IssuanceAnswer, context: &mut Context) -> Step {
        let claim = &self.order.holder.claim;
        let check = Check {
            transaction: &claim.transaction,
            binding_key: &context.settings.binding_key,
            expected: Expectation {
                terminal: &context.settings.terminal,
                idempotency_key: &self.key,
                form: self.order.form,
                municipality: &self.order.offer.municipality,
                copies: self.copies,
                holder: claim.digest,
            },
            identity: &claim.identity,
            fee_per_copy: claim.fee_per_copy,
        };
        let document = match BoundDocument::verify(answer, check) {
            Ok(document) => document,
            Err(fault) => return end(&State::Requesting(self), Fault::Document(fault), context),
        };
        let statement = document.statement();
        let fact = Fact::Received {
            issuance: statement.issuance.clone(),
            certificate: statement.certificate.clone(),
            document: sha256(document.bytes()),
            fee: statement.fee,
        };
        let record = Record { transaction: claim.transaction.clone(), key: self.key, fact };
        Step::enter(State::Preview(Preview { document }), vec![Effect::Recorded { record, then: Vec::new() }])
    }
}

impl Preview {
    pub(super) fn request(&self) -> (TransactionId, IdempotencyKey) {
        (self.document.transaction().clone(), self.document.statement().idempotency_key.clone())
    }

    pub(super) fn on(self, event: &Event) -> Step {
        match event {
            Event::ContentConfirmed => Step::enter(
                State::Pay(Pay { document: self.document, inserted: Coins::default(), notice: None }),
                vec![Effect::AcceptMoney],
            ),
            _ => Step::stay(State::Preview(self)),
        }
    }
}

impl ChooseForm {
    /// The municipality whose forms are shown.
    pub(super) const fn municipality(&self) -> &MunicipalityCode {
        &self.offer.municipality
    }
}
