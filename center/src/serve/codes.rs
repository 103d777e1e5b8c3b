//! A page that anybody can host: it verifies printed codes with public keys, and needs nothing else of the centre.

use std::net::SocketAddr;

use super::ServeError;
use super::connections::Port;
use super::ports::{Ports, Signals};
use crate::http;
use crate::inspection::public::PublicKeys;

/// Connections open at once.
const CONNECTIONS: usize = 256;
/// Threads for reading paper, of which few are used at once.
const BLOCKING_THREADS: usize = 16;

/// The page, while it is served.
#[derive(Debug)]
pub struct CodesPage {
    address: SocketAddr,
    ports: Ports,
}

/// Serves the page at an address, without TLS: a proxy before it secures.
pub fn serve_codes(keys: PublicKeys, address: SocketAddr) -> Result<CodesPage, ServeError> {
    let mut ports = Ports::new(BLOCKING_THREADS)?;
    let port = Port { router: http::codes_router(keys), tls: None, connections: CONNECTIONS };
    let address = ports.open("binding the page's port", address, port)?;
    Ok(CodesPage { address, ports })
}

impl CodesPage {
    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}/verify", self.address)
    }

    /// From now on a signal to end (SIGTERM or SIGINT) is heard, instead of ending the process on the spot.
    pub fn heed_signals(&self) -> std::io::Result<Signals> {
        self.ports.heed_signals()
    }

    /// Serves until the process is told to end, and finishes what is open.
    pub fn serve_until(self, signals: Signals) {
        self.ports.wait_for_signal(signals);
        tracing::info!("ending");
        self.ports.drain();
    }
}
