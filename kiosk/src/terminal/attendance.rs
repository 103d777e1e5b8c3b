//! The staff's desk at the terminal: opened and shut as the session says, its orders carried out.

use std::collections::VecDeque;

use shared::wire::outcome::Outcome;

use super::Terminal;
use crate::journal::Proposal;
use crate::session::closure::Closure;
use crate::session::effect::{Effect, Verdict};
use crate::session::event::Event;
use crate::session::view::View;
use crate::staff::Answer;
use crate::staff::code::StaffCode;
use crate::staff::desk::{Order, StaffEvent};
use crate::staff::office::Office;
use crate::staff::view::{Notice, StaffView};

impl Terminal {
    /// Sets who looks after it.
    pub fn attended_by(&mut self, office: Option<Office>) {
        self.office = office;
    }

    /// Whether staff can come to it.
    pub const fn is_attended(&self) -> bool {
        self.office.is_some()
    }

    /// Handles a code that was typed at the staff's door.
    pub fn knock(&mut self, code: StaffCode) {
        let now = self.clock.now();
        let orders = self.office.as_mut().map(|office| office.knock(code, now)).unwrap_or_default();
        self.carry_out_orders(orders);
    }

    /// Handles what staff did on its own screens.
    pub fn handle_staff(&mut self, event: StaffEvent) {
        let now = self.clock.now();
        let orders = self.office.as_mut().map(|office| office.handle(event, now)).unwrap_or_default();
        self.carry_out_orders(orders);
    }

    pub(super) fn staffs_view(&self) -> Option<StaffView<'_>> {
        self.office.as_ref().and_then(|office| office.view(self.clock.now()))
    }

    pub(super) fn answer_staff(&mut self, visit: u64, answer: Answer) {
        let now = self.clock.now();
        let orders = self.office.as_mut().map(|office| office.answer(visit, answer, now)).unwrap_or_default();
        self.carry_out_orders(orders);
    }

    /// The desk is open exactly while the session says that staff is there.
    pub(super) fn follow_staff(&mut self) {
        let Some(office) = &mut self.office else { return };
        match self.session.view() {
            View::Staff(_) => office.open(self.session.closure()),
            _ => office.shut(),
        }
    }

    fn carry_out_orders(&mut self, orders: Vec<Order>) {
        let mut waiting: VecDeque<Order> = orders.into();
        while let Some(order) = waiting.pop_front() {
            match order {
                Order::Ask(request) => self.with_office(|office| office.ask(request)),
                Order::Examine => {
                    let hopper = self.session.hopper().total();
                    self.with_office(|office| office.examine(hopper));
                }
                Order::Admit => self.handle(Event::StaffAdmitted),
                Order::Settle => self.handle(Event::StaffSettled),
                Order::Write(proposal) => waiting.extend(self.write_decision(*proposal)),
                Order::Leave(closure) => self.let_staff_go(closure),
            }
        }
    }

    fn with_office(&self, act: impl FnOnce(&Office)) {
        if let Some(office) = &self.office {
            act(office);
        }
    }

    /// Durable first, then the centre hears of it.
    fn write_decision(&mut self, proposal: Proposal) -> Vec<Order> {
        let line = proposal.account.last.clone();
        let verdict = proposal.resolution.verdict;
        let code = proposal.code.clone();
        let notice = match proposal.confirm(&code, &mut self.journal, self.clock.now()) {
            Ok(()) => Notice::Written,
            Err(error) => {
                tracing::error!(%error, "the staff's decision could not be written");
                Notice::Unwritten
            }
        };
        let outcome = match verdict {
            Verdict::Taken => Some(Outcome::Taken),
            Verdict::Refunded => Some(Outcome::Refunded),
            Verdict::OwedPaid => line.state.outcome(),
        };
        if let (Notice::Written, Some(outcome)) = (&notice, outcome) {
            tracing::info!(transaction = %line.transaction, ?verdict, "staff has decided");
            self.carry_out(vec![Effect::ReportOutcome { transaction: line.transaction, key: line.key, outcome }]);
        }
        self.office.as_mut().map(|office| office.written(notice)).unwrap_or_default()
    }

    fn let_staff_go(&mut self, closure: Option<Closure>) {
        self.with_office(|office| {
            if let Err(error) = office.keep(closure) {
                tracing::error!(%error, "whether the terminal is closed could not be kept; a restart forgets it");
            }
        });
        self.handle(Event::StaffLeft(closure));
        self.remember_the_lost();
    }
}
