//! A document that was proven to be for this dialogue's holder, request and terminal.
//!
//! **Invariant**: [`BoundDocument::verify`] is the only way to make one, and nothing is shown or printed that is not one.

use jiff::civil::Date;
use shared::binding::{Expectation, Statement};
use shared::domain::certificate::Content;
use shared::domain::fee::Yen;
use shared::domain::identifiers::TransactionId;
use shared::hidden::Bytes;
use shared::wire::issuance::IssuanceAnswer;
use zeroize::Zeroize as _;

use super::fault::DocumentFault;

/// What the card itself says of its holder.
#[derive(Clone, PartialEq, Eq)]
pub enum CardIdentity {
    /// The input-support application gives name and birth date.
    Named {
        /// Name as on the card's chip.
        name: String,
        /// Date of birth.
        birth_date: Date,
    },
    /// The user-authentication certificate names nobody.
    Unnamed,
}

impl CardIdentity {
    fn is_named_by(&self, content: &Content) -> bool {
        match self {
            Self::Named { name, birth_date } => *name == content.name && *birth_date == content.birth_date,
            Self::Unnamed => true,
        }
    }
}

impl Drop for CardIdentity {
    fn drop(&mut self) {
        if let Self::Named { name, .. } = self {
            name.zeroize();
        }
    }
}

shared::hidden_debug!(CardIdentity, BoundDocument);

/// A document for one transaction.
pub struct BoundDocument {
    transaction: TransactionId,
    statement: Statement,
    content: Content,
    bytes: Bytes,
}

/// What the terminal checks a document against.
#[derive(Debug, Clone, Copy)]
pub struct Check<'a> {
    /// The dialogue.
    pub transaction: &'a TransactionId,
    /// The centre's public key, pinned.
    pub binding_key: &'a [u8],
    /// The request and its holder.
    pub expected: Expectation<'a>,
    /// The person the card names.
    pub identity: &'a CardIdentity,
    /// What a copy costs here.
    pub fee_per_copy: Yen,
}

impl BoundDocument {
    /// Accepts an answer that is signed, and is for this holder, this request, this fee.
    pub fn verify(answer: IssuanceAnswer, check: Check<'_>) -> Result<Self, DocumentFault> {
        let IssuanceAnswer { content, document, binding } = answer;
        binding
            .verify(check.binding_key, check.expected, &content, document.as_slice())
            .map_err(DocumentFault::Binding)?;
        // Even a correctly bound document must not name anyone but the person whose card was read here.
        if !check.identity.is_named_by(&content) {
            return Err(DocumentFault::Person);
        }
        if Some(binding.statement.fee) != check.fee_per_copy.times(check.expected.copies) {
            return Err(DocumentFault::Fee);
        }
        Ok(Self { transaction: check.transaction.clone(), statement: binding.statement, content, bytes: document })
    }

    /// The dialogue it was made for.
    pub const fn transaction(&self) -> &TransactionId {
        &self.transaction
    }

    /// What the centre states of it.
    pub const fn statement(&self) -> &Statement {
        &self.statement
    }

    /// Every printed item.
    pub const fn content(&self) -> &Content {
        &self.content
    }

    /// The two-page PDF.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.as_slice()
    }
}

impl Drop for BoundDocument {
    fn drop(&mut self) {
        self.content.name.zeroize();
        for dose in &mut self.content.doses {
            dose.lot.zeroize();
        }
        if let Some(passport) = &mut self.content.passport {
            passport.surname.zeroize();
            passport.given.zeroize();
        }
    }
}
