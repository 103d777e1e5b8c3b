//! A software card on the real virtual reader that misbehaves at a chosen command: pulled, cut short, silent.
#![expect(clippy::excessive_nesting, reason = "a model of a surface is loops within loops")]

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use fixtures::software_card::{CardFile, SoftwareCard};
use fixtures::virtual_reader;
use kiosk::card_reader::Presence;
use kiosk::card_reader::pcsc::PcscReader;
use rand_core::OsRng;

use crate::program;
use crate::reader::{FIRST_PORT, reader_name};
use crate::world::World;

/// What the card does, counting commands from 0 since it was put there.
#[derive(Debug, Clone)]
pub enum Conduct {
    /// Answers every command.
    Good,
    /// Is gone when this command comes.
    PulledBefore(usize),
    /// Carries this command out, and is gone before it answers.
    PulledWithin(usize),
    /// Answers this command with these bytes.
    Answers(usize, Vec<u8>),
    /// Never answers this command.
    Silent(usize),
}

/// A card in a slot of the virtual reader; taken off when dropped.
#[derive(Debug)]
pub struct VirtualCard {
    is_over: Arc<AtomicBool>,
    commands: Arc<AtomicUsize>,
    pulled: Arc<Mutex<Option<Instant>>>,
    thread: Option<JoinHandle<()>>,
}

/// A resident's card in memory: its counters are those of a fresh card.
#[track_caller]
pub fn card_of(world: &World, resident: &str) -> SoftwareCard {
    let file = CardFile::open(&world.path(&world.resident(resident).card)).expect("a card file");
    SoftwareCard::in_memory(file, OsRng).expect("a card")
}

impl VirtualCard {
    /// Puts a card into a slot, 0 or 1, and waits until the service has seen it.
    #[track_caller]
    pub fn put(slot: u16, card: SoftwareCard, conduct: Conduct) -> Self {
        let (is_over, commands, pulled) = (Arc::default(), Arc::default(), Arc::default());
        let is_seen = Arc::new(AtomicBool::new(false));
        let mut attendant = Attendant {
            card,
            conduct,
            is_over: Arc::clone(&is_over),
            commands: Arc::clone(&commands),
            pulled: Arc::clone(&pulled),
            is_seen: Arc::clone(&is_seen),
        };
        let stream = program::wait_for("the virtual reader", 10, || {
            TcpStream::connect((Ipv4Addr::LOCALHOST, FIRST_PORT + slot)).ok()
        });
        let work = move || attendant.attend(stream);
        let thread = thread::Builder::new().name("virtual-card".to_owned()).spawn(work).expect("a thread");
        program::wait_for("the card on the reader", 10, || is_seen.load(Ordering::SeqCst).then_some(()));
        // The slot has asked for its answer to reset; the service says so a moment later.
        let mut reader = PcscReader::new(None);
        program::wait_for("the service to see the card", 10, || {
            let listed = reader.list().ok()?;
            let slot = listed.iter().find(|listed| listed.name.to_bytes() == reader_name(slot).as_bytes())?;
            (slot.presence == Presence::Present).then_some(())
        });
        Self { is_over, commands, pulled, thread: Some(thread) }
    }

    /// Commands that reached the card.
    pub fn commands(&self) -> usize {
        self.commands.load(Ordering::SeqCst)
    }

    /// When it was pulled, if it was.
    pub fn pulled_at(&self) -> Option<Instant> {
        *self.pulled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes it off now.
    pub fn pull(self) {
        drop(self);
    }
}

impl Drop for VirtualCard {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

struct Attendant {
    card: SoftwareCard,
    conduct: Conduct,
    is_over: Arc<AtomicBool>,
    commands: Arc<AtomicUsize>,
    pulled: Arc<Mutex<Option<Instant>>>,
    is_seen: Arc<AtomicBool>,
}

impl Attendant {
    fn attend(&mut self, mut stream: TcpStream) {
        let patience = Some(Duration::from_millis(10));
        stream.set_nodelay(true).and_then(|()| stream.set_read_timeout(patience)).expect("a socket");
        let mut received = Vec::new();
        let mut chunk = [0; 4096];
        while !self.is_over.load(Ordering::SeqCst) {
            virtual_reader::acknowledge_at_once(&stream);
            match stream.read(&mut chunk) {
                Ok(0) => return,
                Ok(count) => received.extend(chunk.iter().take(count)),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => continue,
                Err(_) => return,
            }
            while let Some(message) = take_message(&mut received) {
                let Some(answer) = self.answer(&message) else {
                    return;
                };
                if stream.write_all(&answer).is_err() {
                    return;
                }
            }
        }
    }

    /// Framed; empty where nothing is to be said, `None` where the card is pulled.
    fn answer(&mut self, message: &[u8]) -> Option<Vec<u8>> {
        let body = match message {
            [0x04] => {
                self.is_seen.store(true, Ordering::SeqCst);
                self.card.atr().to_vec()
            }
            [] => return Some(Vec::new()),
            [_] => {
                self.card.reset();
                return Some(Vec::new());
            }
            command => {
                let place = self.commands.fetch_add(1, Ordering::SeqCst);
                match &self.conduct {
                    Conduct::PulledBefore(at) if place == *at => return self.pull(),
                    Conduct::PulledWithin(at) if place == *at => {
                        drop(self.card.answer(command));
                        return self.pull();
                    }
                    Conduct::Answers(at, answer) if place == *at => answer.clone(),
                    Conduct::Silent(at) if place == *at => return Some(Vec::new()),
                    _ => self.card.answer(command),
                }
            }
        };
        let length = u16::try_from(body.len()).ok()?;
        Some([length.to_be_bytes().as_slice(), &body].concat())
    }

    fn pull(&self) -> Option<Vec<u8>> {
        *self.pulled.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        None
    }
}

fn take_message(received: &mut Vec<u8>) -> Option<Vec<u8>> {
    let (length, rest) = received.split_first_chunk::<2>()?;
    let message = rest.get(..usize::from(u16::from_be_bytes(*length)))?.to_vec();
    received.drain(..2 + message.len());
    Some(message)
}
