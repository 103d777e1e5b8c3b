//! When what became of a certificate.

use jiff::Timestamp;

/// When what became of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CertificateHistory {
    /// When it was asked for and allowed.
    pub issued_at: Timestamp,
    /// When it was cancelled or refunded.
    pub revoked_at: Option<Timestamp>,
    /// When its paper was last printed again at a counter.
    pub reissued_at: Option<Timestamp>,
}
