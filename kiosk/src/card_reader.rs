//! The card reader on its own thread: waits for a card, asks for the tries, makes the proof, lets go.
//!
//! **Invariants**: one card at a time, held alone from the first command to the reset; every wait has an
//! end; after the proof or a failure the card is reset, so that no other program finds it unlocked.

pub mod pcsc;
#[cfg(feature = "simulation")]
pub mod software;
#[cfg(feature = "simulation")]
pub mod tray;

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use std::{io, thread};

use shared::card::channel::{CardError, Channel};
use shared::card::pin::{GuardError, PinVerdict};
use shared::card::transport::Transport;
use shared::card::{input_support, jpki};
use shared::domain::certificate::ProofProfile;
use shared::domain::identifiers::TransactionId;
use shared::wire::holder::HolderProof;

use crate::message::Post;
use crate::session::bound_document::CardIdentity;
use crate::session::effect::ProveEffect;
use crate::session::event::{CardAnswer, CardProof, Event};
use crate::session::fault::CardFault;

/// A place where cards are put.
pub trait Reader {
    /// A connected card.
    type Card: Transport;

    /// Connects the card that lies there, for this program alone.
    fn connect(&mut self) -> Result<Self::Card, CardFault>;

    /// Whether a card lies there.
    fn presence(&mut self) -> Presence;

    /// Resets the card and lets go of it.
    fn release(&mut self, card: Self::Card);

    /// What an error of the card means to the resident.
    fn fault(error: &<Self::Card as Transport>::Error) -> CardFault;
}

/// Whether a card lies on the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// One does.
    Present,
    /// None does.
    Absent,
}

/// How it is told that a card was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// The reader sees it.
    Watched,
    /// Nobody is there to take it: it counts as taken as soon as it is let go of.
    Assumed,
}

/// How long a card is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// As long as the resident takes.
    Endless,
    /// Then there is no card.
    AtMost(Duration),
}

/// What the thread is asked to do.
#[derive(Debug)]
pub enum Request {
    /// Tell when a card lies there.
    Watch(TransactionId),
    /// Ask for the tries left.
    ReadTries(TransactionId, ProofProfile),
    /// Make the proof.
    Prove(ProveEffect),
    /// Reset and let go.
    Release,
}

/// How the thread behaves.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// How it is told that a card was taken.
    pub removal: Removal,
    /// How long a card is waited for.
    pub wait: Wait,
}

/// Between two looks at the reader: a pulled card is noticed within a quarter of a second.
const POLL: Duration = Duration::from_millis(200);

/// The most requests that may wait.
const MAXIMUM_WAITING: usize = 8;

/// Starts the thread. It ends when the sender is dropped.
pub fn start<R: Reader>(
    make: impl FnOnce() -> R + Send + 'static,
    manner: Manner,
    post: Post,
) -> io::Result<(SyncSender<Request>, JoinHandle<()>)> {
    let (sender, receiver) = sync_channel(MAXIMUM_WAITING);
    let thread = thread::Builder::new().name("card".to_owned()).spawn(move || {
        Desk { reader: make(), manner, post, slot: Slot::Idle }.run(&receiver);
    })?;
    Ok((sender, thread))
}

struct Desk<R: Reader> {
    reader: R,
    manner: Manner,
    post: Post,
    slot: Slot<R::Card>,
}

/// What the thread knows of the card.
enum Slot<C> {
    Idle,
    Awaited {
        transaction: TransactionId,
        since: Instant,
    },
    Held(Channel<C>),
    /// Let go of, still lying there.
    Left,
}

impl<R: Reader> Desk<R> {
    fn run(&mut self, requests: &Receiver<Request>) {
        loop {
            match requests.recv_timeout(POLL) {
                Ok(request) => self.serve(request),
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => return self.release(),
            }
        }
    }

    fn serve(&mut self, request: Request) {
        match request {
            Request::Watch(transaction) => {
                self.release();
                self.slot = Slot::Awaited { transaction, since: Instant::now() };
                self.look();
            }
            Request::ReadTries(transaction, profile) => {
                let answer = self.with_card(|channel| read_tries(channel, profile));
                self.post.event(Event::Card { transaction, answer });
            }
            Request::Prove(effect) => {
                let transaction = effect.transaction.clone();
                let answer = self.with_card(|channel| prove(channel, effect));
                self.post.event(Event::Card { transaction, answer });
            }
            Request::Release => self.release(),
        }
    }

    fn look(&mut self) {
        match &self.slot {
            Slot::Idle => {}
            Slot::Awaited { transaction, since } => {
                let (transaction, since) = (transaction.clone(), *since);
                self.look_for_card(transaction, since);
            }
            Slot::Held(_) | Slot::Left => {
                if self.reader.presence() == Presence::Absent {
                    self.slot = Slot::Idle;
                    self.post.event(Event::CardRemoved);
                }
            }
        }
    }

    fn look_for_card(&mut self, transaction: TransactionId, since: Instant) {
        let fault = match self.reader.connect() {
            Ok(card) => {
                self.slot = Slot::Held(Channel::new(card));
                return self.post.event(Event::CardPlaced);
            }
            Err(fault) => fault,
        };
        // Only a card that is not there yet, or is being put down, is waited for.
        let is_awaited =
            matches!(fault, CardFault::CardMissing | CardFault::Removed | CardFault::Occupied | CardFault::Unreadable);
        let is_over = match self.manner.wait {
            Wait::Endless => !is_awaited,
            Wait::AtMost(limit) => !is_awaited || since.elapsed() >= limit,
        };
        if is_over {
            self.slot = Slot::Idle;
            self.post.event(Event::Card { transaction, answer: CardAnswer::Failed(fault) });
        }
    }

    fn with_card(
        &mut self,
        act: impl FnOnce(&mut Channel<R::Card>) -> Result<CardAnswer, CardError<<R::Card as Transport>::Error>>,
    ) -> CardAnswer {
        let Slot::Held(channel) = &mut self.slot else {
            return CardAnswer::Failed(CardFault::Removed);
        };
        match act(channel) {
            Ok(answer) => answer,
            Err(CardError::Guard(GuardError::Blocked)) => CardAnswer::PinBlocked,
            Err(error) => {
                let fault = fault_of::<R>(&error);
                // The chain of causes holds command names and status words, never data.
                tracing::warn!(error = %error, cause = ?std::error::Error::source(&error), "the card failed");
                CardAnswer::Failed(fault)
            }
        }
    }

    fn release(&mut self) {
        if let Slot::Held(channel) = std::mem::replace(&mut self.slot, Slot::Idle) {
            self.reader.release(channel.into_transport());
            match self.manner.removal {
                Removal::Watched => self.slot = Slot::Left,
                Removal::Assumed => self.post.event(Event::CardRemoved),
            }
        }
    }
}

fn read_tries<T: Transport>(
    channel: &mut Channel<T>,
    profile: ProofProfile,
) -> Result<CardAnswer, CardError<T::Error>> {
    let status = match profile {
        ProofProfile::InputSupport => {
            input_support::select(channel)?;
            input_support::pin_status(channel)?
        }
        ProofProfile::AuthenticationCertificate => {
            jpki::select(channel)?;
            jpki::pin_status(channel)?
        }
    };
    Ok(CardAnswer::Tries(status))
}

fn prove<T: Transport>(channel: &mut Channel<T>, effect: ProveEffect) -> Result<CardAnswer, CardError<T::Error>> {
    let ProveEffect { profile, pin, confirmed, transcript, .. } = effect;
    let verdict = match profile {
        ProofProfile::InputSupport => {
            input_support::select(channel)?;
            input_support::verify_pin(channel, pin, confirmed)?
        }
        ProofProfile::AuthenticationCertificate => {
            jpki::select(channel)?;
            jpki::verify_pin(channel, pin, confirmed)?
        }
    };
    match verdict {
        PinVerdict::Wrong { tries_left } => return Ok(CardAnswer::PinWrong { tries_left }),
        PinVerdict::Blocked => return Ok(CardAnswer::PinBlocked),
        PinVerdict::Right => {}
    }
    match profile {
        ProofProfile::InputSupport => {
            let proof = input_support::prove(channel, &transcript)?;
            Ok(match input_support::attributes(proof.attributes_file.as_slice()) {
                Ok(attributes) => {
                    let identity = CardIdentity::Named { name: attributes.name, birth_date: attributes.birth_date };
                    CardAnswer::Proven(Box::new(CardProof { proof: HolderProof::InputSupport(proof), identity }))
                }
                Err(error) => {
                    tracing::warn!(%error, "the card's attributes cannot be read");
                    CardAnswer::Failed(CardFault::Unreadable)
                }
            })
        }
        ProofProfile::AuthenticationCertificate => {
            let proof = HolderProof::AuthenticationCertificate(jpki::prove(channel, &transcript)?);
            Ok(CardAnswer::Proven(Box::new(CardProof { proof, identity: CardIdentity::Unnamed })))
        }
    }
}

fn fault_of<R: Reader>(error: &CardError<<R::Card as Transport>::Error>) -> CardFault {
    match error {
        CardError::Transport(error) => R::fault(error),
        CardError::ApplicationMissing => CardFault::ForeignCard,
        CardError::Malformed { .. }
        | CardError::Refused { .. }
        | CardError::Endless { .. }
        | CardError::File { .. }
        | CardError::Guard(_) => CardFault::Unreadable,
    }
}

#[cfg(test)]
mod tests;
