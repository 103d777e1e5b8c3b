//! The thread that talks to the reader. The service may hold it up; nobody waits for it directly.

use std::mem;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use shared::card::channel::{CardError, Channel};
use shared::card::guard::Leash;
use shared::card::pin::GuardError;
use shared::card::transport::Transport;
use shared::domain::identifiers::TransactionId;

use super::dialogue::{fault_of, prove, read_tries};
use super::{Manner, Pace, Presence, Reader, Removal, Request, Wait};
use crate::message::Outlet;
use crate::pulse::Pulse;
use crate::session::event::{CardAnswer, Event};
use crate::session::fault::CardFault;

/// A request, and what breaks it off. Everything asked within one dialogue hangs on one leash.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) request: Request,
    pub(super) leash: Leash,
}

pub(super) struct Desk<R: Reader> {
    reader: R,
    manner: Manner,
    pace: Pace,
    post: Outlet,
    /// Seen by the supervisor.
    pulse: Pulse,
    slot: Slot<R::Card>,
}

/// What the thread knows of the card.
enum Slot<C> {
    Idle,
    Awaited(Awaited),
    Held(Channel<C>, Leash),
    /// Let go of, still lying there.
    Left,
}

struct Awaited {
    transaction: TransactionId,
    leash: Leash,
    since: Instant,
    /// What keeps a card from being connected, and since when it has been that.
    trouble: Option<(CardFault, Instant)>,
}

impl<R: Reader> Desk<R> {
    pub(super) fn new(reader: R, manner: Manner, pace: Pace, post: Outlet, pulse: Pulse) -> Self {
        Self { reader, manner, pace, post, pulse, slot: Slot::Idle }
    }

    /// Works until nobody asks any more.
    pub(super) fn run(&mut self, tasks: &Receiver<Task>) {
        loop {
            let task = tasks.recv_timeout(self.pace.poll);
            self.pulse.begin();
            let is_over = match task {
                Ok(task) => {
                    self.serve(task);
                    false
                }
                Err(RecvTimeoutError::Timeout) => {
                    self.look();
                    false
                }
                Err(RecvTimeoutError::Disconnected) => {
                    self.release();
                    true
                }
            };
            self.pulse.end();
            if is_over {
                return;
            }
        }
    }

    fn serve(&mut self, Task { request, leash }: Task) {
        match request {
            Request::Watch(transaction) => {
                self.release();
                let since = Instant::now();
                self.slot = Slot::Awaited(Awaited { transaction, leash, since, trouble: None });
                self.look();
            }
            Request::ReadTries(transaction, profile) => {
                let answer = self.with_card(|channel| read_tries(channel, profile));
                self.tell(&leash, Event::Card { transaction, answer });
            }
            Request::Prove(effect) => {
                let transaction = effect.transaction.clone();
                let answer = self.with_card(|channel| prove(channel, effect));
                self.tell(&leash, Event::Card { transaction, answer });
            }
            Request::Release => self.release(),
        }
    }

    fn look(&mut self) {
        match mem::replace(&mut self.slot, Slot::Idle) {
            Slot::Idle => {}
            Slot::Awaited(awaited) => self.look_for_card(awaited),
            held @ Slot::Held(..) => {
                let lost = match self.reader.presence() {
                    Presence::Present => {
                        self.slot = held;
                        return;
                    }
                    Presence::Absent => Event::CardRemoved,
                    Presence::Lost(fault) => Event::CardLost(fault),
                };
                if let Slot::Held(_, leash) = &held {
                    self.tell(leash, lost);
                }
            }
            Slot::Left => match self.reader.presence() {
                Presence::Present => self.slot = Slot::Left,
                Presence::Absent | Presence::Lost(_) => self.post.event(Event::CardRemoved),
            },
        }
    }

    fn look_for_card(&mut self, mut awaited: Awaited) {
        if awaited.leash.is_cut() {
            return;
        }
        let fault = match self.reader.connect() {
            Ok(card) if awaited.leash.is_cut() => return self.reader.release(card),
            Ok(card) => {
                let channel = Channel::on_leash(card, awaited.leash.clone());
                self.slot = Slot::Held(channel, awaited.leash);
                return self.post.event(Event::CardPlaced);
            }
            Err(fault) => fault,
        };
        let now = Instant::now();
        let since = match awaited.trouble {
            Some((known, since)) if known == fault => since,
            Some(_) | None => now,
        };
        awaited.trouble = Some((fault, since));
        let has_patience = self.patience(fault).is_none_or(|patience| now.duration_since(since) < patience);
        let has_time = match self.manner.wait {
            Wait::Endless => true,
            Wait::AtMost(limit) => now.duration_since(awaited.since) < limit,
        };
        if has_patience && has_time {
            self.slot = Slot::Awaited(awaited);
        } else {
            let Awaited { transaction, leash, .. } = awaited;
            self.tell(&leash, Event::Card { transaction, answer: CardAnswer::Failed(fault) });
        }
    }

    /// How long a fault may last while a card is waited for; `None` is as long as the card.
    const fn patience(&self, fault: CardFault) -> Option<Duration> {
        match fault {
            CardFault::CardMissing | CardFault::Removed => None,
            CardFault::ServiceStopped | CardFault::ReaderMissing | CardFault::ReaderUnknown | CardFault::ReaderLost => {
                Some(self.pace.returning)
            }
            CardFault::Occupied | CardFault::Unreadable | CardFault::Reset | CardFault::Swapped => {
                Some(self.pace.settling)
            }
            CardFault::ForeignCard | CardFault::Malformed | CardFault::Silent => Some(Duration::ZERO),
        }
    }

    fn with_card(
        &mut self,
        act: impl FnOnce(&mut Channel<R::Card>) -> Result<CardAnswer, CardError<<R::Card as Transport>::Error>>,
    ) -> CardAnswer {
        let Slot::Held(channel, _) = &mut self.slot else {
            return CardAnswer::Failed(CardFault::Removed);
        };
        match act(channel) {
            Ok(answer) => answer,
            Err(CardError::Guard(GuardError::Blocked)) => CardAnswer::PinBlocked,
            Err(error) => {
                let fault = fault_of::<R>(&error);
                // The chain of causes holds command names and status words, never data.
                tracing::warn!(error = %error, cause = ?std::error::Error::source(&error), "the card failed");
                CardAnswer::Failed(self.told_apart(fault))
            }
        }
    }

    /// A card pulled in the middle of a command may look like one that answers nonsense: the service notices a moment
    /// later that it is gone.
    fn told_apart(&mut self, fault: CardFault) -> CardFault {
        const ASKS: u32 = 20;
        if !matches!(fault, CardFault::Malformed | CardFault::Unreadable) {
            return fault;
        }
        for _ in 0..ASKS {
            match self.reader.presence() {
                Presence::Absent => return CardFault::Removed,
                Presence::Lost(lost) => return lost,
                Presence::Present => std::thread::park_timeout(self.pace.noticing / ASKS),
            }
        }
        fault
    }

    fn release(&mut self) {
        if let Slot::Held(channel, _) = mem::replace(&mut self.slot, Slot::Idle) {
            self.reader.release(channel.into_transport());
            match self.manner.removal {
                Removal::Watched => self.slot = Slot::Left,
                Removal::Assumed => self.post.event(Event::CardRemoved),
            }
        }
    }

    /// Nobody waits for what was broken off.
    fn tell(&self, leash: &Leash, event: Event) {
        if !leash.is_cut() {
            self.post.event(event);
        }
    }
}
