//! A line to the centre that can be cut: everything goes through it byte for byte, or nothing does.

use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::scenario::Condition;

/// The line.
#[derive(Debug, Clone)]
pub(super) struct Line(Arc<Mutex<Inside>>);

#[derive(Debug)]
struct Inside {
    condition: Condition,
    /// Both ends of every connection.
    ends: Vec<TcpStream>,
}

impl Line {
    /// A whole line to an address, and where it begins.
    pub(super) fn start(to: SocketAddr) -> io::Result<(Self, SocketAddr)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let begins = listener.local_addr()?;
        let line = Self(Arc::new(Mutex::new(Inside { condition: Condition::Whole, ends: Vec::new() })));
        let carried = line.clone();
        thread::Builder::new().name("line".to_owned()).spawn(move || carried.carry(&listener, to))?;
        Ok((line, begins))
    }

    /// Cuts it, with everything that is on the way, or mends it.
    pub(super) fn set(&self, condition: Condition) {
        let mut inside = self.inside();
        inside.condition = condition;
        if condition == Condition::Broken {
            // An end that is closed already is as good as cut.
            inside.ends.drain(..).for_each(|end| drop(end.shutdown(Shutdown::Both)));
        }
    }

    fn carry(&self, listener: &TcpListener, to: SocketAddr) {
        for near in listener.incoming().flatten() {
            if let Err(error) = self.join(near, to) {
                tracing::warn!(%error, "the line does not reach the centre");
            }
        }
    }

    fn join(&self, near: TcpStream, to: SocketAddr) -> io::Result<()> {
        let mut inside = self.inside();
        if inside.condition == Condition::Broken {
            return near.shutdown(Shutdown::Both);
        }
        let far = TcpStream::connect(to)?;
        inside.ends.extend([near.try_clone()?, far.try_clone()?]);
        drop(inside);
        flow(near.try_clone()?, far.try_clone()?)?;
        flow(far, near)
    }

    /// Nothing can be half done while the lock is held, so that a panic elsewhere does no harm.
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Carries bytes one way, on a thread of its own, until one end closes.
fn flow(mut from: TcpStream, mut to: TcpStream) -> io::Result<()> {
    let carry = move || {
        // How it ended is seen at both ends.
        drop(io::copy(&mut from, &mut to));
        drop(to.shutdown(Shutdown::Write));
    };
    thread::Builder::new().name("line".to_owned()).spawn(carry)?;
    Ok(())
}
