//! The staff's desk with what works for it: opened when staff comes, shut when the session has gone on.
//!
//! **Invariant**: an answer that was asked for in an earlier visit opens nothing in this one.

use std::io;
use std::sync::Arc;

use jiff::Timestamp;
use shared::domain::fee::Yen;

use super::closure;
use super::code::StaffCode;
use super::desk::{Desk, Order, StaffEvent};
use super::guard::DoorGuard;
use super::view::{Notice, StaffView};
use super::worker::{self, Answer, Comparison, Request};
pub use super::worker::{Readers, Tools};
use crate::message::{Outlet, Post};
use crate::session::closure::Closure;

/// The staff's side of one terminal.
#[derive(Debug)]
pub struct Office {
    tools: Arc<Tools>,
    outlet: Outlet,
    guard: DoorGuard,
    visit: u64,
    desk: Option<Desk>,
}

impl Office {
    /// An office that nobody has come to yet.
    pub fn new(tools: Tools, post: Post) -> Self {
        let (tools, outlet) = (Arc::new(tools), Outlet::new(post));
        Self { tools, outlet, guard: DoorGuard::default(), visit: 0, desk: None }
    }

    /// Opens the desk where it is shut: staff is there, or somebody who knows the way.
    pub fn open(&mut self, closure: Option<Closure>) {
        if self.desk.is_none() {
            self.visit += 1;
            self.desk = Some(Desk::new(closure));
        }
    }

    /// Nothing of this visit is left.
    pub fn shut(&mut self) {
        self.desk = None;
    }

    /// What is shown, while somebody is there.
    pub fn view(&self, now: Timestamp) -> Option<StaffView<'_>> {
        self.desk.as_ref().map(|desk| desk.view(&self.guard, now))
    }

    /// A code was typed at the door.
    pub fn knock(&mut self, code: StaffCode, now: Timestamp) -> Vec<Order> {
        self.desk.as_mut().map(|desk| desk.knock(code, &self.guard, now)).unwrap_or_default()
    }

    /// What staff did.
    pub fn handle(&mut self, event: StaffEvent, now: Timestamp) -> Vec<Order> {
        self.desk.as_mut().map(|desk| desk.handle(event, now)).unwrap_or_default()
    }

    /// What a thread answered, to the visit that asked.
    pub fn answer(&mut self, visit: u64, answer: Answer, now: Timestamp) -> Vec<Order> {
        // A wrong code counts, whoever went away before it was compared.
        if matches!(answer, Answer::Checked(Comparison::Wrong)) {
            self.guard.failed(now);
        }
        let Some(desk) = self.desk.as_mut().filter(|_| visit == self.visit) else {
            return Vec::new();
        };
        if matches!(answer, Answer::Checked(Comparison::Right)) {
            self.guard.admitted();
        }
        desk.answer(answer)
    }

    /// How the writing of a decision went.
    pub fn written(&mut self, notice: Notice) -> Vec<Order> {
        self.desk.as_mut().map(|desk| desk.written(notice)).unwrap_or_default()
    }

    /// Asks a thread.
    pub fn ask(&self, request: Request) {
        if let Err(error) = worker::ask(&self.tools, request, &self.outlet, self.visit) {
            tracing::error!(%error, "no thread can be started for the staff's desk");
        }
    }

    /// Has everything looked at.
    pub fn examine(&self, hopper: Yen) {
        self.ask(Request::Examine(hopper));
    }

    /// Keeps the terminal closed, or open, over a restart.
    pub fn keep(&self, closure: Option<Closure>) -> io::Result<()> {
        closure::keep(&closure::path(&self.tools.config.journal.path), closure)
    }

    /// Threads that are still at something are not waited for.
    pub fn close(&self) {
        self.outlet.close();
    }
}
