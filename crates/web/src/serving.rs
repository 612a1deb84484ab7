//! Keeps the socket: plain behind a proxy, or TLS by rustls from certificate files.

use crate::Porch;
use actix_web::HttpServer;
use actix_web::dev::{Server, ServerHandle};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use thiserror::Error;

/// The most seconds an answer that is under way may take when the node stops.
const FAREWELL: u64 = 5;

/// The node cannot serve.
#[derive(Debug, Error)]
pub enum ServingError {
    /// A certificate or key file cannot be read.
    #[error("cannot use the certificate file {file}: {why}")]
    Certificate {
        /// The file.
        file: String,
        /// Why.
        why: String,
    },
    /// The socket cannot be used.
    #[error("cannot serve: {0}")]
    Socket(#[from] std::io::Error),
}

/// Certificate and key, ready for TLS.
#[derive(Debug, Clone)]
pub struct Tls(Arc<ServerConfig>);

impl Tls {
    /// Reads a chain of certificates and a private key, both in PEM.
    ///
    /// # Errors
    /// [`ServingError::Certificate`].
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, ServingError> {
        let fault = |file: &Path, why: String| ServingError::Certificate { file: file.display().to_string(), why };
        let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let chain = chain.map_err(|e| fault(certificate, e.to_string()))?;
        let private = PrivateKeyDer::from_pem_file(key).map_err(|e| fault(key, e.to_string()))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|e| fault(certificate, e.to_string()))?
            .with_no_client_auth()
            .with_single_cert(chain, private)
            .map_err(|e| fault(certificate, e.to_string()))?;
        Ok(Self(Arc::new(config)))
    }
}

/// A node that serves; it stops when told to.
#[derive(Debug)]
pub struct Serving(ServerHandle);

impl Serving {
    /// Lets a server run; it stops when told to.
    pub(crate) fn run(server: Server) -> Self {
        let handle = server.handle();
        // The server's own threads serve; this task only waits for them.
        tokio::spawn(server);
        Self(handle)
    }

    /// Takes no more requests, and lets those under way end.
    pub async fn stop(&self) {
        self.0.stop(true).await;
    }

    /// Stops at once.
    pub async fn halt(&self) {
        self.0.stop(false).await;
    }
}

/// Serves a porch at a socket that is already open, from within a tokio runtime.
///
/// # Errors
/// [`ServingError::Socket`].
pub fn serve(porch: Porch, socket: TcpListener, tls: Option<Tls>) -> Result<Serving, ServingError> {
    let server = HttpServer::new(move || crate::app(porch.clone()))
        .workers(2)
        .disable_signals()
        .shutdown_timeout(FAREWELL)
        .max_connections(10_000);
    let server = match tls {
        Some(Tls(config)) => server.listen_rustls_0_23(socket, config.as_ref().clone())?,
        None => server.listen(socket)?,
    };
    Ok(Serving::run(server.run()))
}
