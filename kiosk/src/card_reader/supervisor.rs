//! The thread that is asked for cards. It hands everything to the desk and tells it when the desk is held up.
//!
//! The PC/SC service has no time limit of its own: a card that never answers, or a stopped service, holds up
//! whoever asked. Then this thread cuts the leash, tells the session, and answers every further request
//! itself until the desk is back. One desk is ever held up, and it ends as soon as the service lets go.

use std::convert::Infallible;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use shared::card::guard::Leash;

use super::desk::{Desk, Task};
use super::{MAXIMUM_WAITING, Manner, Pace, Reader, Request};
use crate::message::{Outlet, Post};
use crate::pulse::Pulse;
use crate::session::event::{CardAnswer, Event};
use crate::session::fault::CardFault;

/// Starts both threads; the handle is the supervisor's, which ends in any case.
pub(super) fn start<R: Reader>(
    make: impl FnOnce() -> R + Send + 'static,
    manner: Manner,
    pace: Pace,
    post: Post,
) -> io::Result<(SyncSender<Request>, JoinHandle<()>)> {
    let (sender, requests) = sync_channel(MAXIMUM_WAITING);
    let (tasks, received) = sync_channel(MAXIMUM_WAITING);
    let pulse = Pulse::default();
    let outlet = Outlet::new(post.clone());
    let (desk_post, desk_pulse) = (outlet.clone(), pulse.clone());
    // Nothing is ever sent: the sender goes with the desk's thread, however that ends.
    let (at_work, end) = sync_channel(0);
    let thread = thread::Builder::new().name("card-desk".to_owned()).spawn(move || {
        let _at_work = at_work;
        Desk::new(make(), manner, pace, desk_post, desk_pulse).run(&received);
    })?;
    let desk = DeskThread { thread, end };
    let thread = thread::Builder::new().name("card".to_owned()).spawn(move || {
        let leash = Leash::default();
        Supervisor { tasks, pulse, pace, post, outlet, leash, desk: State::AtWork }.run(&requests, desk);
    })?;
    Ok((sender, thread))
}

/// The desk's thread, and what tells its end: a thread cannot be joined for a limited time.
struct DeskThread {
    thread: JoinHandle<()>,
    end: Receiver<Infallible>,
}

struct Supervisor {
    tasks: SyncSender<Task>,
    /// The desk's.
    pulse: Pulse,
    pace: Pace,
    post: Post,
    outlet: Outlet,
    /// Of the present dialogue.
    leash: Leash,
    desk: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    AtWork,
    HeldUp,
}

impl Supervisor {
    fn run(mut self, requests: &Receiver<Request>, desk: DeskThread) {
        loop {
            match requests.recv_timeout(self.pace.poll) {
                Ok(request) => self.forward(request),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.check();
        }
        // The desk releases its card and ends; what it is still doing may come to its end.
        drop(self.tasks);
        match desk.end.recv_timeout(self.pace.farewell) {
            // A thread whose last value is gone has nothing left to wait for.
            Err(RecvTimeoutError::Disconnected) => {
                if desk.thread.join().is_err() {
                    tracing::error!("the desk of the card reader ended badly");
                }
            }
            Ok(_) | Err(RecvTimeoutError::Timeout) => {
                self.leash.cut();
                self.outlet.close();
                tracing::error!("the smart card service does not let go; its thread is left to it");
            }
        }
    }

    fn forward(&mut self, request: Request) {
        match &request {
            Request::Watch(_) => self.leash = Leash::default(),
            // What is still being done has nobody to wait for it.
            Request::Release => self.leash.cut(),
            Request::ReadTries(..) | Request::Prove(_) => {}
        }
        if self.desk == State::HeldUp {
            return self.decline(&request);
        }
        let task = Task { request, leash: self.leash.clone() };
        if let Err(TrySendError::Full(task) | TrySendError::Disconnected(task)) = self.tasks.try_send(task) {
            self.decline(&task.request);
        }
    }

    /// Answers in the place of a desk that cannot.
    fn decline(&self, request: &Request) {
        let transaction = match request {
            Request::Watch(transaction) | Request::ReadTries(transaction, _) => transaction,
            Request::Prove(effect) => &effect.transaction,
            Request::Release => return self.post.event(Event::CardRemoved),
        };
        let (transaction, answer) = (transaction.clone(), CardAnswer::Failed(CardFault::Silent));
        self.post.event(Event::Card { transaction, answer });
    }

    fn check(&mut self) {
        let is_held_up = self.pulse.stands_still(self.pace.limit);
        match self.desk {
            State::AtWork if is_held_up => {
                self.leash.cut();
                self.desk = State::HeldUp;
                tracing::error!("the smart card service does not answer");
                self.post.event(Event::CardLost(CardFault::Silent));
            }
            State::HeldUp if !is_held_up => {
                tracing::info!("the smart card service answers again");
                self.desk = State::AtWork;
                // Whatever the desk still holds belongs to a dialogue that is over.
                self.forward(Request::Release);
            }
            State::AtWork | State::HeldUp => {}
        }
    }
}
