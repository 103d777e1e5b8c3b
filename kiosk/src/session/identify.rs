//! From the menu to the proven holder: card, kind, tries, PIN, challenge, proof, and the card taken back.

use shared::card::pin::{LastTryConfirmed, Pin, PinStatus};
use shared::domain::certificate::{CertificateKind, ProofProfile};
use shared::domain::fee::Yen;
use shared::domain::identifiers::{HolderSessionId, TransactionId};
use shared::proof::{HolderDigest, Transcript};
use shared::wire::challenge::{ChallengeAnswer, ChallengeRequest};
use shared::wire::holder::{HolderAnswer, HolderProof, HolderRequest, MunicipalityOffer};
use shared::wire::problem::ProblemCode;
use shared::wire::terminal::{CertificateOffer, ServiceState, TerminalAnswer};

use super::bound_document::CardIdentity;
use super::choose::ChooseMunicipality;
use super::context::{CardPlace, Context};
use super::effect::{Effect, ProveEffect};
use super::end;
use super::event::{CardAnswer, CardProof, CenterAnswer, CenterFault, Event};
use super::fault::{CardFault, CenterTrouble, Fault, PinFault};
use super::state::{State, Step};

/// A dialogue has begun: what is on offer, and its number.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) transaction: TransactionId,
    pub(super) offers: Vec<CertificateOffer>,
    pub(super) fee_per_copy: Yen,
}

/// Waiting for a card.
#[derive(Debug)]
pub(super) struct PlaceCard {
    pub(super) desk: Desk,
}

/// The card lies on the reader.
#[derive(Debug)]
pub(super) struct ChooseKind {
    pub(super) desk: Desk,
}

/// A kind was chosen, and with it the application whose PIN is asked for.
#[derive(Debug)]
pub(super) struct PinDesk {
    pub(super) desk: Desk,
    pub(super) offer: CertificateOffer,
    pub(super) previous: PreviousPin,
}

/// Whether a wrong PIN was typed before in this dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreviousPin {
    /// None was typed.
    Untyped,
    /// It was wrong.
    Wrong,
}

/// The card is asked for the tries left.
#[derive(Debug)]
pub(super) struct ReadTries {
    pub(super) pin: PinDesk,
}

/// One try is left: the resident is told what that means.
#[derive(Debug)]
pub(super) struct ConfirmLastTry {
    pub(super) pin: PinDesk,
}

/// The resident types; the tries left are shown.
#[derive(Debug)]
pub(super) struct EnterPin {
    pub(super) pin: PinDesk,
    pub(super) tries_left: u8,
    pub(super) confirmed: Option<LastTryConfirmed>,
}

/// The PIN was typed; the centre's challenge comes first, so that no try is spent in vain.
#[derive(Debug)]
pub(super) struct Challenging {
    pub(super) pin: PinDesk,
    digits: Pin,
    confirmed: Option<LastTryConfirmed>,
}

/// The card verifies, reads and signs.
#[derive(Debug)]
pub(super) struct Proving {
    pub(super) pin: PinDesk,
    challenge: ChallengeAnswer,
}

/// What this terminal knows of the holder by itself.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) transaction: TransactionId,
    pub(super) fee_per_copy: Yen,
    pub(super) digest: HolderDigest,
    pub(super) identity: CardIdentity,
}

/// The proof is on its way to the centre, the card still on the reader.
#[derive(Debug)]
pub(super) struct TakeCardAsking {
    pub(super) claim: Claim,
}

/// The centre knows the holder; the card is still on the reader.
#[derive(Debug)]
pub(super) struct TakeCard {
    pub(super) holder: Holder,
}

/// The card was taken; the centre has not answered yet.
#[derive(Debug)]
pub(super) struct AskHolder {
    pub(super) claim: Claim,
}

/// A proven holder and what they may have.
#[derive(Debug)]
pub(super) struct Holder {
    pub(super) claim: Claim,
    pub(super) session: HolderSessionId,
    pub(super) municipalities: Vec<MunicipalityOffer>,
}

/// The menu: begins a dialogue while the service is open.
pub(super) fn menu(answer: Box<TerminalAnswer>, event: &Event, context: &mut Context) -> Step {
    if !matches!(event, Event::Begun) || !matches!(answer.service, ServiceState::Open { .. }) {
        return Step::stay(State::Menu(answer));
    }
    let Some(transaction) = context.fresh_transaction() else {
        return Step::enter(State::Unavailable(Fault::Random), Vec::new());
    };
    let desk = Desk {
        transaction: transaction.clone(),
        offers: answer.certificates.clone(),
        fee_per_copy: answer.fee_per_copy,
    };
    Step::enter(State::PlaceCard(PlaceCard { desk }), vec![Effect::WatchCard { transaction }])
}

/// The centre answered the greeting.
pub(super) fn greeted(answer: Result<Box<TerminalAnswer>, CenterFault>, context: &Context) -> Step {
    match answer {
        Ok(answer) if answer.terminal == context.settings.terminal => Step::enter(State::Menu(answer), Vec::new()),
        Ok(_) => Step::enter(State::Unavailable(Fault::Center(CenterTrouble::Garbled)), Vec::new()),
        Err(fault) => Step::enter(State::Unavailable(fault.fault()), Vec::new()),
    }
}

impl PlaceCard {
    pub(super) fn on(self, event: &Event, context: &mut Context) -> Step {
        match event {
            Event::CardPlaced => Step::enter(State::ChooseKind(ChooseKind { desk: self.desk }), Vec::new()),
            Event::Card { answer: CardAnswer::Failed(fault), .. } => {
                end(&State::PlaceCard(self), Fault::Card(*fault), context)
            }
            _ => Step::stay(State::PlaceCard(self)),
        }
    }
}

impl ChooseKind {
    pub(super) fn on(self, event: &Event, context: &mut Context) -> Step {
        match event {
            Event::KindChosen(kind) => self.chosen(*kind),
            Event::CardRemoved => end(&State::ChooseKind(self), Fault::Card(CardFault::Removed), context),
            _ => Step::stay(State::ChooseKind(self)),
        }
    }

    fn chosen(self, kind: CertificateKind) -> Step {
        let Some(offer) = self.desk.offers.iter().find(|offer| offer.kind == kind).copied() else {
            return Step::stay(State::ChooseKind(self));
        };
        let pin = PinDesk { desk: self.desk, offer, previous: PreviousPin::Untyped };
        let effect = Effect::ReadTries { transaction: pin.desk.transaction.clone(), profile: offer.profile };
        Step::enter(State::ReadTries(ReadTries { pin }), vec![effect])
    }
}

impl ReadTries {
    #[expect(clippy::needless_pass_by_value, reason = "every state takes its event by value")]
    pub(super) fn on(self, event: Event, context: &mut Context) -> Step {
        match event {
            Event::Card { answer: CardAnswer::Tries(status), .. } => self.pin.ask(status, context),
            Event::Card { answer: CardAnswer::Failed(fault), .. } => {
                end(&State::ReadTries(self), Fault::Card(fault), context)
            }
            Event::CardRemoved => end(&State::ReadTries(self), Fault::Card(CardFault::Removed), context),
            _ => Step::stay(State::ReadTries(self)),
        }
    }
}

impl PinDesk {
    /// Asks for the PIN as the tries allow.
    fn ask(self, status: PinStatus, context: &mut Context) -> Step {
        match status {
            PinStatus::TriesLeft(1) => Step::enter(State::ConfirmLastTry(ConfirmLastTry { pin: self }), Vec::new()),
            PinStatus::TriesLeft(tries_left @ 2..) => {
                Step::enter(State::EnterPin(EnterPin { pin: self, tries_left, confirmed: None }), Vec::new())
            }
            PinStatus::TriesLeft(0) | PinStatus::Blocked => {
                end(&State::ReadTries(ReadTries { pin: self }), Fault::Pin(PinFault::Locked), context)
            }
            // The card says it was verified before this dialogue touched it: its tries are unknown.
            PinStatus::Verified => {
                end(&State::ReadTries(ReadTries { pin: self }), Fault::Card(CardFault::Unreadable), context)
            }
        }
    }

    fn challenge(self, digits: Pin, confirmed: Option<LastTryConfirmed>) -> Step {
        let effect = Effect::AskChallenge {
            transaction: self.desk.transaction.clone(),
            request: ChallengeRequest { kind: self.offer.kind },
        };
        Step::enter(State::Challenging(Challenging { pin: self, digits, confirmed }), vec![effect])
    }
}

impl ConfirmLastTry {
    pub(super) fn on(self, event: &Event, context: &mut Context) -> Step {
        match event {
            Event::LastTryConfirmed => {
                let confirmed = Some(LastTryConfirmed::by_the_resident());
                Step::enter(State::EnterPin(EnterPin { pin: self.pin, tries_left: 1, confirmed }), Vec::new())
            }
            Event::CardRemoved => end(&State::ConfirmLastTry(self), Fault::Card(CardFault::Removed), context),
            _ => Step::stay(State::ConfirmLastTry(self)),
        }
    }
}

impl EnterPin {
    pub(super) fn on(self, event: Event, context: &mut Context) -> Step {
        match event {
            Event::PinEntered(digits) => self.pin.challenge(digits, self.confirmed),
            Event::CardRemoved => end(&State::EnterPin(self), Fault::Card(CardFault::Removed), context),
            _ => Step::stay(State::EnterPin(self)),
        }
    }
}

impl Challenging {
    pub(super) fn on(self, event: Event, context: &mut Context) -> Step {
        match event {
            Event::Center { answer: CenterAnswer::Challenge(Ok(challenge)), .. } => self.prove(challenge, context),
            Event::Center { answer: CenterAnswer::Challenge(Err(fault)), .. } => {
                end(&State::Challenging(self), fault.fault(), context)
            }
            Event::CardRemoved => end(&State::Challenging(self), Fault::Card(CardFault::Removed), context),
            _ => Step::stay(State::Challenging(self)),
        }
    }

    fn prove(self, challenge: ChallengeAnswer, context: &mut Context) -> Step {
        let profile = self.pin.offer.profile;
        if challenge.expires <= context.now {
            // It came just now: it is this terminal's clock that is ahead.
            return end(&State::Challenging(self), Fault::Refused(ProblemCode::ClockSkew), context);
        }
        let is_agreed = challenge.profile == profile && challenge.nonce.as_slice().len() == NONCE_BYTES;
        if !is_agreed {
            return end(&State::Challenging(self), Fault::Center(CenterTrouble::Garbled), context);
        }
        let transcript = Transcript {
            profile,
            challenge: &challenge.challenge,
            nonce: challenge.nonce.as_slice(),
            terminal: &context.settings.terminal,
            tls_identity: &context.settings.tls_identity,
        };
        let effect = Effect::Prove(ProveEffect {
            transaction: self.pin.desk.transaction.clone(),
            profile,
            pin: self.digits,
            confirmed: self.confirmed,
            transcript: transcript.digest(),
        });
        Step::enter(State::Proving(Proving { pin: self.pin, challenge }), vec![effect])
    }
}

/// Random bytes of a challenge.
const NONCE_BYTES: usize = 32;

impl Proving {
    pub(super) fn on(self, event: Event, context: &mut Context) -> Step {
        match event {
            Event::Card { answer: CardAnswer::Proven(proof), .. } => self.proven(*proof, context),
            Event::Card { answer: CardAnswer::PinWrong { tries_left }, .. } => {
                let pin = PinDesk { previous: PreviousPin::Wrong, ..self.pin };
                pin.ask(PinStatus::TriesLeft(tries_left), context)
            }
            Event::Card { answer: CardAnswer::PinBlocked, .. } => {
                end(&State::Proving(self), Fault::Pin(PinFault::Locked), context)
            }
            Event::Card { answer: CardAnswer::Failed(fault), .. } => {
                end(&State::Proving(self), Fault::Card(fault), context)
            }
            Event::CardRemoved => end(&State::Proving(self), Fault::Card(CardFault::Removed), context),
            _ => Step::stay(State::Proving(self)),
        }
    }

    fn proven(self, card: CardProof, context: &mut Context) -> Step {
        let CardProof { proof, identity } = card;
        let evidence = match (&proof, self.pin.offer.profile) {
            (HolderProof::InputSupport(proof), ProofProfile::InputSupport) => proof.attributes_file.as_slice(),
            (HolderProof::AuthenticationCertificate(proof), ProofProfile::AuthenticationCertificate) => {
                proof.certificate.as_slice()
            }
            (HolderProof::InputSupport(_) | HolderProof::AuthenticationCertificate(_), _) => {
                return end(&State::Proving(self), Fault::Card(CardFault::Unreadable), context);
            }
        };
        let digest = HolderDigest::compute(evidence, self.challenge.nonce.as_slice());
        let Desk { transaction, fee_per_copy, .. } = self.pin.desk;
        let request = HolderRequest { kind: self.pin.offer.kind, challenge: self.challenge.challenge, proof };
        let effects = vec![
            Effect::ReleaseCard,
            Effect::AskHolder { transaction: transaction.clone(), request: Box::new(request) },
        ];
        let claim = Claim { transaction, fee_per_copy, digest, identity };
        Step::enter(State::TakeCardAsking(TakeCardAsking { claim }), effects)
    }
}

impl TakeCardAsking {
    pub(super) fn on(self, event: Event, context: &mut Context) -> Step {
        match event {
            Event::CardRemoved => Step::enter(State::AskHolder(AskHolder { claim: self.claim }), Vec::new()),
            Event::Center { answer: CenterAnswer::Holder(Ok(answer)), .. } => {
                let state = State::TakeCard(TakeCard { holder: Holder::new(self.claim, answer) });
                // The alarm goes on counting: the card was asked back before.
                Step::stay(state)
            }
            Event::Center { answer: CenterAnswer::Holder(Err(fault)), .. } => {
                end(&State::TakeCardAsking(self), fault.fault(), context)
            }
            _ => Step::stay(State::TakeCardAsking(self)),
        }
    }
}

impl TakeCard {
    pub(super) fn on(self, event: &Event) -> Step {
        match event {
            Event::CardRemoved => self.holder.choose(),
            _ => Step::stay(State::TakeCard(self)),
        }
    }
}

impl AskHolder {
    pub(super) fn on(self, event: Event, context: &mut Context) -> Step {
        match event {
            Event::Center { answer: CenterAnswer::Holder(Ok(answer)), .. } => Holder::new(self.claim, answer).choose(),
            Event::Center { answer: CenterAnswer::Holder(Err(fault)), .. } => {
                end(&State::AskHolder(self), fault.fault(), context)
            }
            _ => Step::stay(State::AskHolder(self)),
        }
    }
}

impl Holder {
    fn new(claim: Claim, answer: HolderAnswer) -> Self {
        Self { claim, session: answer.session, municipalities: answer.municipalities }
    }

    pub(super) const fn choose(self) -> Step {
        Step::enter(State::ChooseMunicipality(ChooseMunicipality { holder: self }), Vec::new())
    }
}

/// The card left behind was taken.
pub(super) fn card_left(event: &Event, context: &Context) -> Step {
    if matches!(event, Event::CardRemoved) || context.card == CardPlace::Away {
        State::restart(context)
    } else {
        Step::stay(State::CardLeft)
    }
}
