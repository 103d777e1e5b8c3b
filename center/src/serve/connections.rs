//! Connections of one port: how many, how long a handshake may take, and who is at the other end.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use shared::proof::sha256;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use super::ports::Phase;
use crate::http::{PeerAddress, PeerIdentity};

/// One port.
pub(super) struct Port {
    /// Answers.
    pub(super) router: Router,
    /// Secures; `None` where a proxy does.
    pub(super) tls: Option<Arc<ServerConfig>>,
    /// Connections open at once.
    pub(super) connections: usize,
}

/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(5);

/// How long the head of a request may take to arrive, and a connection may stay idle.
const HEADERS: Duration = Duration::from_secs(90);

/// The most bytes of a request's head.
const MAXIMUM_HEAD: usize = 16 * 1024;

/// After a failure to accept, for example without free file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Accepts connections until the phase changes, then waits for those that are open.
pub(super) async fn run(listener: TcpListener, port: Port, mut phase: watch::Receiver<Phase>) {
    let Port { router, tls, connections } = port;
    let acceptor = tls.map(TlsAcceptor::from);
    let places = Arc::new(Semaphore::new(connections));
    let mut open = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = phase.changed() => break,
        };
        while open.try_join_next().is_some() {}
        match (accepted, Arc::clone(&places).try_acquire_owned()) {
            (Ok((stream, _)), Ok(place)) => {
                let (router, acceptor, phase) = (router.clone(), acceptor.clone(), phase.clone());
                open.spawn(async move {
                    serve(stream, router, acceptor, phase).await.unwrap_or_else(|error| ended_badly(&error));
                    drop(place);
                });
            }
            // Full: the connection is closed at once, and the caller sees it.
            (Ok(_), Err(_)) => tracing::warn!("too many connections"),
            (Err(error), _) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "a connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}

fn ended_badly(error: &io::Error) {
    tracing::debug!(error = error as &dyn std::error::Error, "a connection ended badly");
}

async fn serve(
    stream: TcpStream,
    router: Router,
    acceptor: Option<TlsAcceptor>,
    phase: watch::Receiver<Phase>,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let address = PeerAddress(stream.peer_addr()?.ip());
    let Some(acceptor) = acceptor else { return converse(stream, router, (address, None), phase).await };
    let stream = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await??;
    let certificate = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
    let identity = certificate.map(|certificate| PeerIdentity(sha256(certificate)));
    converse(stream, router, (address, identity), phase).await
}

async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    (address, identity): (PeerAddress, Option<PeerIdentity>),
    mut phase: watch::Receiver<Phase>,
) -> io::Result<()> {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(address);
        if let Some(identity) = identity {
            request.extensions_mut().insert(identity);
        }
        router.clone().oneshot(request)
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_buf_size(MAXIMUM_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = async { drop(phase.wait_for(|phase| *phase == Phase::Draining).await) } => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    result.map_err(io::Error::other)
}
