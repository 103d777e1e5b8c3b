//! The centre's signed statement of what a document is and whom it is for.
//!
//! The terminal checks it against its own session before it shows or prints anything.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

use crate::domain::certificate::{Content, Form};
use crate::domain::fee::Yen;
use crate::domain::identifiers::{CertificateId, IdempotencyKey, IssuanceId, MunicipalityCode, TerminalId};
use crate::hidden::Bytes;
use crate::proof::{Digest, HolderDigest, digest_of_parts, sha256};

/// What the centre states. Every field is compared by the terminal with what it knows itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The terminal that asked.
    pub terminal: TerminalId,
    /// Its key for this issuance.
    pub idempotency_key: IdempotencyKey,
    /// The issuance.
    pub issuance: IssuanceId,
    /// The certificate's id.
    pub certificate: CertificateId,
    /// The form.
    pub form: Form,
    /// The municipality.
    pub municipality: MunicipalityCode,
    /// Copies allowed by this issuance.
    pub copies: u8,
    /// What all copies cost together.
    pub fee: Yen,
    /// Base64 of the [`HolderDigest`] carried with the document from the verified card.
    pub holder: String,
    /// Base64 of the SHA-256 of the content shown before paying.
    pub content: String,
    /// Base64 of the SHA-256 of the document's bytes.
    pub document: String,
}

impl Statement {
    /// The bytes that are signed.
    pub fn digest(&self) -> Digest {
        let form: &[u8] = match self.form {
            Form::Domestic => b"domestic",
            Form::Overseas => b"overseas",
        };
        digest_of_parts(
            b"konbini-certificate binding v1",
            &[
                self.terminal.as_str().as_bytes(),
                self.idempotency_key.as_str().as_bytes(),
                self.issuance.as_str().as_bytes(),
                self.certificate.as_str().as_bytes(),
                form,
                self.municipality.as_str().as_bytes(),
                &[self.copies],
                &self.fee.0.to_be_bytes(),
                self.holder.as_bytes(),
                self.content.as_bytes(),
                self.document.as_bytes(),
            ],
        )
    }
}

/// Base64 of a digest, as it stands in a [`Statement`].
pub fn encode_digest(digest: &Digest) -> String {
    STANDARD.encode(digest)
}

/// The digest of a content: over its JSON as sent.
pub fn content_digest(content: &Content) -> Digest {
    // A content has only string keys and finite numbers: serialising it cannot fail.
    sha256(&serde_json::to_vec(content).unwrap_or_default())
}

/// A statement with the centre's signature (ECDSA P-256, r‖s) over its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Binding {
    /// What is stated.
    pub statement: Statement,
    /// 64 bytes.
    pub signature: Bytes,
}

/// Why a document is not for this session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BindingError {
    /// The signature is not the centre's.
    #[error("the centre's signature over the binding does not hold")]
    Signature,
    /// The document is for another holder.
    #[error("the document belongs to another holder")]
    Holder,
    /// The document's bytes are not those that were bound.
    #[error("the document is not the one that was bound")]
    Document,
    /// The content shown is not the one that was bound, or speaks of another person.
    #[error("the content is not the one that was bound")]
    Content,
    /// The binding answers another request of this or another terminal.
    #[error("the document answers another request")]
    Request,
}

/// What the terminal knows of its own request.
#[derive(Debug, Clone, Copy)]
pub struct Expectation<'a> {
    /// This terminal.
    pub terminal: &'a TerminalId,
    /// The key that was stored before asking.
    pub idempotency_key: &'a IdempotencyKey,
    /// The form asked for.
    pub form: Form,
    /// The municipality asked for.
    pub municipality: &'a MunicipalityCode,
    /// Copies asked for.
    pub copies: u8,
    /// The holder whose card was read in this session.
    pub holder: HolderDigest,
}

impl Binding {
    /// Checks signature, holder, document, content and request, in this order.
    ///
    /// `public_key` is the uncompressed P-256 point, pinned in the terminal's configuration.
    pub fn verify(
        &self,
        public_key: &[u8],
        expected: Expectation<'_>,
        content: &Content,
        document: &[u8],
    ) -> Result<(), BindingError> {
        let statement = &self.statement;
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public_key)
            .verify(&statement.digest(), self.signature.as_slice())
            .map_err(|ring::error::Unspecified| BindingError::Signature)?;
        if statement.holder != encode_digest(&expected.holder.0) {
            return Err(BindingError::Holder);
        }
        if statement.document != encode_digest(&sha256(document)) {
            return Err(BindingError::Document);
        }
        if statement.content != encode_digest(&content_digest(content))
            || content.certificate != statement.certificate
            || content.form != statement.form
            || content.municipality != statement.municipality
        {
            return Err(BindingError::Content);
        }
        let same_request = statement.terminal == *expected.terminal
            && statement.idempotency_key == *expected.idempotency_key
            && statement.form == expected.form
            && statement.municipality == *expected.municipality
            && statement.copies == expected.copies;
        if same_request { Ok(()) } else { Err(BindingError::Request) }
    }
}
