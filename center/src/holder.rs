//! Who stands at the terminal or holds the card to a phone: the proof of a card, verified before any record is looked up.
//!
//! In the input-support profile the centre cannot see that the PIN was verified: it trusts the terminal's
//! identity for that, and where an app asks there is nobody to trust for it but the holder; it proves by the signatures in the card's files and by the card's own key that this
//! card is genuine, present and holds this number. In the other profile the signature itself proves the PIN.

use jiff::Timestamp;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use shared::domain::person::Attributes;
use shared::proof::{HolderDigest, sha256};
use shared::wire::holder::{AuthenticationProof, HolderProof, InputSupportProof};
use shared::wire::problem::ProblemCode;
use zeroize::Zeroize as _;

use crate::secrets::{PersonKey, Pseudonyms};
use crate::store::{Persons, StoreError};

pub mod authority;
mod card_data;
pub mod revocation;

use authority::{Authority, CertificateError};
pub use card_data::{CardAuthority, CardDataError};

/// A person who proved themselves. Only [`Verifier::verify`] makes one.
#[derive(Clone)]
pub struct VerifiedPerson {
    holder: HolderDigest,
    person: PersonKey,
    attributes: Attributes,
}

/// Whose cards are accepted.
#[derive(Debug)]
pub struct Verifier {
    /// Of user-authentication certificates.
    pub authority: Authority,
    /// Of the data in cards.
    pub card_authority: CardAuthority,
    /// Finds the person.
    pub pseudonyms: Pseudonyms,
}

/// What a card was asked to sign, by a challenge that was just taken.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The whole transcript, a terminal's or an app's.
    pub message: &'a [u8],
    /// The challenge's random bytes.
    pub nonce: &'a [u8],
}

/// Why the proof does not hold.
#[derive(Debug, thiserror::Error)]
pub enum HolderError {
    /// The card's files are not what a genuine card holds.
    #[error("the card's data cannot be trusted")]
    CardData(#[from] CardDataError),
    /// The user-authentication certificate is not accepted.
    #[error("the user-authentication certificate is not accepted")]
    Certificate(#[from] CertificateError),
    /// The answer to the challenge is not the card's.
    #[error("the card's signature does not hold")]
    Signature,
    /// The certificate is valid and belongs to another person than the number, or to an earlier card.
    #[error("number and certificate do not belong together")]
    Mixed,
    /// Nobody has this certificate.
    #[error("there is no person with this certificate")]
    Unknown,
    /// The store failed.
    #[error("the record store failed")]
    Store(#[from] StoreError),
}

impl HolderError {
    /// What the terminal is told.
    pub const fn code(&self) -> ProblemCode {
        match self {
            Self::CardData(_) | Self::Mixed => ProblemCode::CardNotGenuine,
            Self::Certificate(error) => error.code(),
            Self::Signature => ProblemCode::HolderSignatureInvalid,
            Self::Unknown => ProblemCode::NoRecord,
            Self::Store(_) => ProblemCode::StoreUnavailable,
        }
    }
}

impl Verifier {
    /// Verifies a proof over what was asked.
    pub fn verify(
        &self,
        proof: &HolderProof,
        asked: Asked<'_>,
        persons: &dyn Persons,
        now: Timestamp,
    ) -> Result<VerifiedPerson, HolderError> {
        match proof {
            HolderProof::InputSupport(proof) => self.verify_input_support(proof, asked, persons, now),
            HolderProof::AuthenticationCertificate(proof) => self.verify_authentication(proof, asked, persons, now),
        }
    }

    fn verify_input_support(
        &self,
        proof: &InputSupportProof,
        asked: Asked<'_>,
        persons: &dyn Persons,
        now: Timestamp,
    ) -> Result<VerifiedPerson, HolderError> {
        let card = self.card_authority.verify(proof)?;
        card.key
            .verify(asked.message, proof.response.as_slice())
            .map_err(|ring::error::Unspecified| HolderError::Signature)?;
        // Free to read, so it proves nobody's presence: it shows whether the card is still in force. Our own rule.
        let certificate = self.authority.verify(proof.authentication_certificate.as_slice(), now)?;
        let person = self.pseudonyms.person(&card.number);
        let registered = persons.person(&person)?.and_then(|record| record.authentication_certificate);
        if registered.is_some_and(|digest| digest.as_slice() != certificate.digest) {
            return Err(HolderError::Mixed);
        }
        let holder = HolderDigest::compute(proof.attributes_file.as_slice(), asked.nonce);
        Ok(VerifiedPerson { holder, person, attributes: card.attributes })
    }

    fn verify_authentication(
        &self,
        proof: &AuthenticationProof,
        asked: Asked<'_>,
        persons: &dyn Persons,
        now: Timestamp,
    ) -> Result<VerifiedPerson, HolderError> {
        let der = proof.certificate.as_slice();
        let certificate = self.authority.verify(der, now)?;
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &certificate.public_key)
            .verify(asked.message, proof.response.as_slice())
            .map_err(|ring::error::Unspecified| HolderError::Signature)?;
        let key = self.pseudonyms.certificate(&sha256(der));
        let (person, record) = persons.person_with(&key)?.ok_or(HolderError::Unknown)?;
        let holder = HolderDigest::compute(der, asked.nonce);
        Ok(VerifiedPerson { holder, person, attributes: record.attributes })
    }
}

impl VerifiedPerson {
    /// Names the holder in everything that is made for them.
    pub const fn holder(&self) -> HolderDigest {
        self.holder
    }

    /// Names the person in the record system.
    pub const fn person(&self) -> PersonKey {
        self.person
    }

    /// Attributes as the card gave them; as registered where the card's certificate has none.
    pub const fn attributes(&self) -> &Attributes {
        &self.attributes
    }
}

impl Drop for VerifiedPerson {
    fn drop(&mut self) {
        self.attributes.name.zeroize();
        self.attributes.address.zeroize();
    }
}

shared::hidden_debug!(VerifiedPerson);
