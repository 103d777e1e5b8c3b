//! The line to an IPP printer: one HTTP request at a time, bounded in time and size, in secret where it leaves the machine.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use reqwest::blocking::{Body, Client};
use reqwest::redirect::Policy;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use shared::hidden::Bytes;

use super::message::{Reply, Request, Unreadable};

/// Why a printer cannot even be asked.
#[derive(Debug, thiserror::Error)]
pub enum PrinterUnusable {
    /// The address is none.
    #[error("the printer's address is not ipp://HOST:PORT/PATH")]
    Address,
    /// The authority's certificate cannot be read.
    #[error("{}: not a usable authority certificate", path.display())]
    Authority {
        /// The file.
        path: PathBuf,
    },
    /// The TLS client cannot be made.
    #[error("the TLS client for the printer cannot be made")]
    Tls(#[source] rustls::Error),
    /// The HTTP client cannot be made.
    #[error("the HTTP client for the printer cannot be made")]
    Http(#[source] reqwest::Error),
}

/// Why the printer gave no answer that counts.
#[derive(Debug, thiserror::Error)]
pub(super) enum Silence {
    #[error("the printer cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    #[error("the printer answers with HTTP status {0}")]
    Http(reqwest::StatusCode),
    #[error("the printer's answer cannot be read")]
    Unreadable(#[from] Unreadable),
    #[error("the printer refuses: status {0:#06x}")]
    Refused(u16),
}

/// Until a connection stands.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);
/// Until an answer is there.
pub(super) const ANSWER_LIMIT: Duration = Duration::from_secs(6);
/// Until a document has been sent.
pub(super) const SEND_LIMIT: Duration = Duration::from_secs(20);
/// The largest answer.
const MAXIMUM_ANSWER_BYTES: u64 = 1024 * 1024;

/// IPP's own port (RFC 8010 §3.2.1).
const PORT: u16 = 631;

/// The line; nothing is kept open between two requests.
#[derive(Debug)]
pub(super) struct Line {
    url: reqwest::Url,
    http: Client,
}

impl Line {
    /// A line to an address.
    pub(super) fn new(uri: &str, authority: Option<&Path>) -> Result<Self, PrinterUnusable> {
        let builder = Client::builder()
            .tls_backend_preconfigured(tls(authority)?)
            .http1_only()
            .no_proxy()
            .redirect(Policy::none())
            .connect_timeout(CONNECT_LIMIT)
            .tcp_nodelay(true)
            // A printer that went away must not be asked over a connection that died with it.
            .pool_max_idle_per_host(0);
        let url = http_address(uri).ok_or(PrinterUnusable::Address)?;
        Ok(Self { url, http: builder.build().map_err(PrinterUnusable::Http)? })
    }

    /// Asks, with a document where one goes along.
    pub(super) fn send(&self, request: Request, document: Option<&[u8]>, limit: Duration) -> Result<Reply, Silence> {
        let head = request.into_bytes();
        // The copy that is sent is wiped when the request is done with.
        let mut message = Vec::with_capacity(head.len() + document.map_or(0, <[u8]>::len));
        message.extend_from_slice(&head);
        message.extend_from_slice(document.unwrap_or_default());
        let length = message.len() as u64;
        let body = Body::sized(Cursor::new(Bytes::from(message)), length);
        let answer = self
            .http
            .post(self.url.clone())
            .header(reqwest::header::CONTENT_TYPE, "application/ipp")
            .timeout(limit)
            .body(body)
            .send()
            .map_err(Silence::Unreachable)?;
        if !answer.status().is_success() {
            return Err(Silence::Http(answer.status()));
        }
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::Read::take(answer, MAXIMUM_ANSWER_BYTES), &mut bytes)
            .map_err(|_cut_off| Unreadable)?;
        let reply = Reply::read(&bytes)?;
        if reply.is_successful() { Ok(reply) } else { Err(Silence::Refused(reply.status())) }
    }
}

/// The address as HTTP knows it.
fn http_address(uri: &str) -> Option<reqwest::Url> {
    let (scheme, rest) = uri.split_once("://")?;
    let scheme = match scheme {
        "ipp" => "http",
        "ipps" => "https",
        _ => return None,
    };
    let mut url = reqwest::Url::parse(&format!("{scheme}://{rest}")).ok()?;
    // The scheme's own port is never meant: a port 80 is written out and lost by parsing, and nobody prints there.
    if url.port().is_none() {
        url.set_port(Some(PORT)).ok()?;
    }
    Some(url)
}

/// Trusts one authority, or nobody where none is named: then the address is not `ipps`.
fn tls(authority: Option<&Path>) -> Result<ClientConfig, PrinterUnusable> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = authority {
        let unusable = || PrinterUnusable::Authority { path: path.to_owned() };
        let certificate = CertificateDer::from_pem_file(path).ok().ok_or_else(unusable)?;
        roots.add(certificate).ok().ok_or_else(unusable)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(PrinterUnusable::Tls)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

/// One line to the log, with its cause.
pub(super) fn complain(what: &str, silence: &Silence) {
    tracing::warn!(error = %silence, cause = ?std::error::Error::source(silence).map(ToString::to_string), "{what}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_asked_at_ipps_own_port_where_it_names_none() {
        let address = |uri| http_address(uri).map(|url| url.to_string());
        assert_eq!(address("ipp://127.0.0.1/ipp/print").as_deref(), Some("http://127.0.0.1:631/ipp/print"));
        assert_eq!(address("ipps://a.example:8631/x").as_deref(), Some("https://a.example:8631/x"));
        assert_eq!(address("ftp://a.example/x"), None);
    }
}
