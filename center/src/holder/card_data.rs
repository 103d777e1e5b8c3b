//! The signed data of the 券面事項入力補助 application: from the card authority down to number, attributes and card key.
//!
//! Tags and what is digested are those of public card dumps; where these are silent the layout is our own:
//!
//! | file | what is signed | by |
//! |---|---|---|
//! | EF 0004 | key ids and public key of the data signer (`5F4E`) | card authority |
//! | EF 0003 | digests of number file and attributes (`DF31`, `DF32`) | data signer |
//! | EF 0007 | the card's public key (`DF51`) and both digests | data signer |

use std::path::Path;

use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use shared::card::input_support::{self, FileError};
use shared::card::tlv::{self, Header, TlvError};
use shared::domain::identifiers::MyNumber;
use shared::domain::person::Attributes;
use shared::proof::sha256;
use shared::wire::holder::InputSupportProof;
use x509_parser::prelude::FromDer as _;
use x509_parser::x509::SubjectPublicKeyInfo;

use crate::secrets::{KeyError, read_pem};

/// The authority over the signers of card data: an RSA public key as PKCS#1.
#[derive(Debug)]
pub struct CardAuthority(Vec<u8>);

/// What a genuine card says.
pub(super) struct CardData {
    pub(super) number: MyNumber,
    pub(super) attributes: Attributes,
    pub(super) key: PublicKey,
}

/// An RSA public key: exponent and modulus.
pub(super) struct PublicKey(RsaPublicKeyComponents<Vec<u8>>);

/// Why the card's files are not those of a genuine card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CardDataError {
    /// A file's elements are not well-formed.
    #[error("an element of a card file is malformed")]
    Elements(#[from] TlvError),
    /// A file's content is not well-formed.
    #[error("a card file is malformed")]
    File(#[from] FileError),
    /// The data signer is not certified by the card authority.
    #[error("the signer of the card's data is not certified")]
    Signer,
    /// Number or attributes are not the signed ones.
    #[error("a digest of the card's data differs")]
    Digest,
    /// The digests are not signed by the data signer.
    #[error("the signature over the card's data does not hold")]
    Signature,
    /// The card's key is not signed for this number and these attributes.
    #[error("the signature over the card's key does not hold")]
    CardKey,
}

impl CardAuthority {
    /// Reads an RSA public key, SPKI PEM.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        const EXPECTED: &str = "an RSA public key (SPKI PEM)";
        let blocks = read_pem(path, EXPECTED)?;
        let key = blocks.first().and_then(|block| {
            let (_, info) = SubjectPublicKeyInfo::from_der(block.contents()).ok()?;
            matches!(info.parsed(), Ok(x509_parser::public_key::PublicKey::RSA(_)))
                .then(|| info.subject_public_key.data.to_vec())
        });
        key.map(Self).ok_or_else(|| KeyError::Unsuitable { path: path.to_owned(), expected: EXPECTED })
    }

    /// Verifies every signature from the authority down to the card's own key.
    pub(super) fn verify(&self, proof: &InputSupportProof) -> Result<CardData, CardDataError> {
        let issuer = self.signer(proof.authority_certificate.as_slice())?;
        let signed = tlv::first(proof.signature_file.as_slice(), 0xFF30)?;
        let digests = [tlv::find(signed, 0xDF31)?, tlv::find(signed, 0xDF32)?].concat();
        let expected =
            [sha256(proof.number_file.as_slice()), sha256(signed_attributes(proof.attributes_file.as_slice())?)];
        if digests != expected.concat() {
            return Err(CardDataError::Digest);
        }
        issuer
            .verify(&digests, tlv::find(signed, 0xDF33)?)
            .map_err(|ring::error::Unspecified| CardDataError::Signature)?;
        let file = tlv::first(proof.public_key_file.as_slice(), 0xFF50)?;
        let key = tlv::find(file, 0xDF51)?;
        issuer
            .verify(&[key, &digests].concat(), tlv::find(file, 0xDF52)?)
            .map_err(|ring::error::Unspecified| CardDataError::CardKey)?;
        Ok(CardData {
            number: input_support::number(proof.number_file.as_slice())?,
            attributes: input_support::attributes(proof.attributes_file.as_slice())?,
            key: PublicKey::parse(key)?,
        })
    }

    /// The key of the data signer, if the authority certified it.
    fn signer(&self, certificate: &[u8]) -> Result<PublicKey, CardDataError> {
        let elements = tlv::first(certificate, 0x7F21)?;
        let body = tlv::find(elements, 0x5F4E)?;
        ring::signature::UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.0)
            .verify(body, tlv::find(elements, 0x5F37)?)
            .map_err(|ring::error::Unspecified| CardDataError::Signer)?;
        Ok(PublicKey::parse(body.get(KEY_IDS..).unwrap_or_default())?)
    }
}

/// Bytes of the issuer's and the subject's key ids in a CV certificate.
const KEY_IDS: usize = 32;

/// What `DF32` digests: the elements behind the table of offsets.
fn signed_attributes(file: &[u8]) -> Result<&[u8], CardDataError> {
    let elements = tlv::first(file, 0xFF20)?;
    let offsets = Header::read(elements)?;
    if offsets.tag != 0xDF21 {
        return Err(TlvError::Missing(0xDF21).into());
    }
    Ok(elements.get(offsets.total_bytes()..).ok_or(TlvError::CutOff)?)
}

impl PublicKey {
    fn parse(elements: &[u8]) -> Result<Self, TlvError> {
        let unsigned = |value: &[u8]| value.iter().copied().skip_while(|&byte| byte == 0).collect();
        let (e, n) = (unsigned(tlv::find(elements, 0x90)?), unsigned(tlv::find(elements, 0x91)?));
        Ok(Self(RsaPublicKeyComponents { n, e }))
    }

    /// PKCS#1 v1.5 with SHA-256; keys below 2,048 bits are refused.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), ring::error::Unspecified> {
        self.0.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
    }
}
