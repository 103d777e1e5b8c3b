//! Open ports and their orderly end.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::ServeError;
use super::connections::{self, Port};

/// Whether connections are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// They are.
    Serving,
    /// What is open is finished.
    Draining,
}

/// How long open requests may take after the program was told to end.
const DRAIN: Duration = Duration::from_secs(20);

/// How long the runtime waits for work that no request waits for any more.
const LAST_WORK: Duration = Duration::from_secs(5);

/// Ports, and the runtime that serves them.
#[derive(Debug)]
pub(super) struct Ports {
    runtime: Runtime,
    stop: watch::Sender<Phase>,
    open: Vec<JoinHandle<()>>,
}

/// The signals that end a program, from the moment they are heeded.
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Ports {
    /// None yet; as many threads at most as are given wait for disks and long work.
    pub(super) fn new(blocking_threads: usize) -> Result<Self, ServeError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_name("center")
            .max_blocking_threads(blocking_threads)
            .build()
            .map_err(|source| ServeError::Io("the runtime", source))?;
        Ok(Self { runtime, stop: watch::Sender::new(Phase::Serving), open: Vec::new() })
    }

    /// Opens a port and serves it from now on; says where it is. `what` names the attempt in an error.
    pub(super) fn open(
        &mut self,
        what: &'static str,
        address: SocketAddr,
        port: Port,
    ) -> Result<SocketAddr, ServeError> {
        let failed = |source| ServeError::Io(what, source);
        let listener = self.runtime.block_on(TcpListener::bind(address)).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        self.open.push(self.runtime.spawn(connections::run(listener, port, self.stop.subscribe())));
        Ok(address)
    }

    /// From now on a signal to end (SIGTERM or SIGINT) is heard, instead of ending the process on the spot.
    pub(super) fn heed_signals(&self) -> std::io::Result<Signals> {
        let _context = self.runtime.enter();
        Ok(Signals { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits until the process is told to end.
    pub(super) fn wait_for_signal(&self, signals: Signals) {
        let Signals { mut terminate, mut interrupt } = signals;
        self.runtime.block_on(async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        });
    }

    /// Takes no more connections and finishes what is open.
    pub(super) fn drain(self) {
        let Self { runtime, stop, open } = self;
        stop.send_replace(Phase::Draining);
        for port in open {
            let drained = async { tokio::time::timeout(DRAIN, port).await };
            if runtime.block_on(drained).is_err() {
                tracing::warn!("some connections were cut off");
            }
        }
        runtime.shutdown_timeout(LAST_WORK);
    }
}
