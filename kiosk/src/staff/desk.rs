//! The staff's screens, one after the other: what was pressed and answered goes in, orders come out.

use jiff::Timestamp;

use super::code::StaffCode;
use super::diagnosis::Diagnosis;
use super::guard::DoorGuard;
use super::view::{ClosureEnd, DoorNotice, Notice, ServiceMark, StaffView};
use super::worker::{Answer, Comparison, Request};
use crate::journal::{Account, Proposal, choices};
use crate::session::closure::{Closure, ClosureReason, next_opening};
use crate::session::effect::Resolution;

/// What staff did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffEvent {
    /// Look at everything again.
    Examine,
    /// Keep the report.
    Save,
    /// Which transactions wait.
    ShowTransactions,
    /// This one of them, by its place.
    Choose(usize),
    /// What became of it.
    Decide(Resolution),
    /// The decision is to be written.
    Write,
    /// Close the terminal.
    ShowService,
    /// For this reason.
    Reason(ClosureReason),
    /// Until then.
    End(ClosureEnd),
    /// Close it now, and go.
    Close,
    /// Open it, and go.
    Open,
    /// One screen back.
    Back,
    /// Go; the terminal stays open or closed as it was.
    Leave,
}

/// What the desk wants done.
#[derive(Debug)]
pub enum Order {
    /// Asked of a thread.
    Ask(Request),
    /// How everything is.
    Examine,
    /// The code was right.
    Admit,
    /// A decision is to be made durable; the desk is told how that went.
    Write(Box<Proposal>),
    /// Nothing keeps the terminal from serving any more.
    Settle,
    /// Staff goes.
    Leave(Option<Closure>),
}

#[derive(Debug)]
enum Page {
    Door(Option<DoorRefusal>),
    /// A code is compared.
    Checking,
    Overview,
    /// The journal is read, or a decision prepared.
    Reading,
    Transactions,
    Decide(Box<Account>, Vec<Resolution>),
    Confirm(Box<Proposal>),
    Service(ClosureReason, ClosureEnd),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DoorRefusal {
    Wrong,
    TooSoon,
}

/// One visit of the staff.
#[derive(Debug)]
pub struct Desk {
    page: Page,
    diagnosis: Option<Diagnosis>,
    notice: Option<Notice>,
    waiting: Vec<Account>,
    closure: Option<Closure>,
    decided: Decided,
}

/// Whether something was decided in this visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decided {
    Nothing,
    Something,
}

impl Desk {
    /// Somebody stands at the door of a terminal that is closed or open.
    pub const fn new(closure: Option<Closure>) -> Self {
        let (page, decided) = (Page::Door(None), Decided::Nothing);
        Self { page, diagnosis: None, notice: None, waiting: Vec::new(), closure, decided }
    }

    /// What is shown.
    pub fn view(&self, guard: &DoorGuard, now: Timestamp) -> StaffView<'_> {
        match &self.page {
            Page::Door(refusal) => StaffView::Door { notice: door_notice(*refusal, guard, now) },
            Page::Checking | Page::Reading => StaffView::Working,
            Page::Overview => StaffView::Overview {
                diagnosis: self.diagnosis.as_ref(),
                notice: self.notice.as_ref(),
                service: self.service(),
            },
            Page::Transactions => StaffView::Transactions { waiting: &self.waiting, notice: self.notice.as_ref() },
            Page::Decide(account, choices) => StaffView::Decide { account, choices },
            Page::Confirm(proposal) => StaffView::Confirm { proposal },
            Page::Service(reason, end) => StaffView::Service { reason: *reason, end: *end, next: next_opening(now) },
        }
    }

    const fn service(&self) -> ServiceMark {
        if self.closure.is_some() { ServiceMark::Closed } else { ServiceMark::Open }
    }

    /// A code was typed at the door.
    pub fn knock(&mut self, code: StaffCode, guard: &DoorGuard, now: Timestamp) -> Vec<Order> {
        if !matches!(self.page, Page::Door(_)) {
            return Vec::new();
        }
        if guard.wait(now).is_positive() {
            // It is not even looked at: a right code in between would tell that it is one.
            self.page = Page::Door(Some(DoorRefusal::TooSoon));
            return Vec::new();
        }
        self.page = Page::Checking;
        vec![Order::Ask(Request::Check(code))]
    }

    /// Takes one step. What means nothing on the present screen changes nothing.
    pub fn handle(&mut self, event: StaffEvent, now: Timestamp) -> Vec<Order> {
        match (&mut self.page, event) {
            (Page::Overview, event) => self.on_overview(event),
            (Page::Transactions, event) => self.on_transactions(event),
            (Page::Decide(account, choices), StaffEvent::Decide(resolution)) if choices.contains(&resolution) => {
                let transaction = account.last.transaction.clone();
                self.page = Page::Reading;
                vec![Order::Ask(Request::Propose(transaction, resolution))]
            }
            (Page::Decide(..) | Page::Confirm(_), StaffEvent::Back) => self.read(),
            (Page::Confirm(_), StaffEvent::Write) => match std::mem::replace(&mut self.page, Page::Reading) {
                Page::Confirm(proposal) => vec![Order::Write(proposal)],
                _ => Vec::new(),
            },
            (Page::Service(chosen, _), StaffEvent::Reason(reason)) => {
                *chosen = reason;
                Vec::new()
            }
            (Page::Service(_, chosen), StaffEvent::End(end)) => {
                *chosen = end;
                Vec::new()
            }
            (Page::Service(reason, end), StaffEvent::Close) => {
                let until = (*end == ClosureEnd::NextOpening).then(|| next_opening(now));
                vec![Order::Leave(Some(Closure { reason: *reason, until }))]
            }
            (Page::Service(..), StaffEvent::Back) => self.show_overview(),
            _ => Vec::new(),
        }
    }

    /// Takes an answer of this visit.
    pub fn answer(&mut self, answer: Answer) -> Vec<Order> {
        match (&self.page, answer) {
            (Page::Checking, Answer::Checked(Comparison::Right)) => {
                self.page = Page::Overview;
                vec![Order::Admit, Order::Examine]
            }
            (Page::Checking, Answer::Checked(Comparison::Wrong)) => {
                self.page = Page::Door(Some(DoorRefusal::Wrong));
                Vec::new()
            }
            (_, Answer::Examined(diagnosis)) => {
                self.diagnosis = Some(*diagnosis);
                Vec::new()
            }
            (_, Answer::Saved(path)) => {
                let name = path.and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
                self.notice = Some(name.map_or(Notice::Unsaved, Notice::Saved));
                Vec::new()
            }
            (Page::Reading, Answer::Read(Some(waiting))) => self.was_read(waiting),
            (Page::Reading, Answer::Read(None)) => {
                self.notice = Some(Notice::Unreadable);
                self.page = Page::Overview;
                Vec::new()
            }
            (Page::Reading, Answer::Proposed(Some(proposal))) => {
                self.page = Page::Confirm(proposal);
                Vec::new()
            }
            (Page::Reading, Answer::Proposed(None)) => {
                self.notice = Some(Notice::Unwritten);
                self.read()
            }
            _ => Vec::new(),
        }
    }

    /// A decision is durable, or is not; what still waits is read anew.
    pub fn written(&mut self, notice: Notice) -> Vec<Order> {
        if notice == Notice::Written {
            self.decided = Decided::Something;
        }
        self.notice = Some(notice);
        self.read()
    }

    fn on_overview(&mut self, event: StaffEvent) -> Vec<Order> {
        match event {
            StaffEvent::Examine if self.diagnosis.is_some() => {
                self.diagnosis = None;
                self.notice = None;
                vec![Order::Examine]
            }
            StaffEvent::Save => {
                let diagnosis = self.diagnosis.clone().map(Box::new);
                diagnosis.map(|diagnosis| Order::Ask(Request::Save(diagnosis))).into_iter().collect()
            }
            StaffEvent::ShowTransactions => {
                self.notice = None;
                self.read()
            }
            StaffEvent::ShowService => {
                self.page = Page::Service(ClosureReason::Supplies, ClosureEnd::Staff);
                Vec::new()
            }
            StaffEvent::Open => vec![Order::Leave(None)],
            StaffEvent::Leave => vec![Order::Leave(self.closure)],
            _ => Vec::new(),
        }
    }

    fn on_transactions(&mut self, event: StaffEvent) -> Vec<Order> {
        match event {
            StaffEvent::Choose(place) => {
                if let Some(account) = self.waiting.get(place) {
                    self.page = Page::Decide(Box::new(account.clone()), choices(account));
                }
                Vec::new()
            }
            StaffEvent::Back => self.show_overview(),
            _ => Vec::new(),
        }
    }

    /// What was found before may not be so any more.
    fn show_overview(&mut self) -> Vec<Order> {
        self.page = Page::Overview;
        self.notice = None;
        match (self.decided, self.diagnosis.is_some()) {
            (Decided::Something, true) => {
                self.diagnosis = None;
                vec![Order::Examine]
            }
            _ => Vec::new(),
        }
    }

    fn read(&mut self) -> Vec<Order> {
        self.page = Page::Reading;
        vec![Order::Ask(Request::Read)]
    }

    fn was_read(&mut self, waiting: Vec<Account>) -> Vec<Order> {
        let is_settled = self.decided == Decided::Something && !waiting.iter().any(Account::stops_service);
        self.waiting = waiting;
        self.page = Page::Transactions;
        if is_settled { vec![Order::Settle] } else { Vec::new() }
    }
}

fn door_notice(refusal: Option<DoorRefusal>, guard: &DoorGuard, now: Timestamp) -> Option<DoorNotice> {
    let wait = guard.wait(now);
    if wait.is_positive() {
        return Some(DoorNotice::Wait(wait.as_secs() + 1));
    }
    (refusal == Some(DoorRefusal::Wrong)).then_some(DoorNotice::Wrong)
}

#[cfg(test)]
mod tests;
