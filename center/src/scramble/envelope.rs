//! Sealing a description and opening it again: compress, sign, encrypt, frame.

use std::io::Read as _;

use flate2::read::DeflateDecoder;
use libdeflater::{CompressionLvl, Compressor};
use p256::ecdsa::Signature;
use p256::ecdsa::signature::Signer as _;
use ring::aead::{Aad, Nonce};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use shared::domain::identifiers::CertificateId;
use shared::proof::digest_of_parts;
use zeroize::Zeroizing;

use super::geometry::Geometry;
use super::keys::{OpeningKeys, ScrambleKeys};
use super::label::{Label, Layout, QrText};
use super::reading::Reading;

/// What the picture carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The description from which the front was drawn.
    PageDescription,
    /// The front as a picture of one bit a pixel, for pages that arrive finished: [`super::bilevel`].
    BilevelImage,
}

/// A description signed and encrypted, with what stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The text of the QR beside the picture.
    pub qr_text: String,
    /// The encrypted description.
    pub ciphertext: Vec<u8>,
    label: Label,
}

/// A description taken out of a picture: authentic and signed.
pub struct Opened {
    /// The certificate it was sealed for.
    pub certificate: CertificateId,
    /// What it is.
    pub kind: Kind,
    /// The description as it was sealed.
    pub plain: Zeroizing<Vec<u8>>,
}

shared::hidden_debug!(Opened);

/// Why a description cannot be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// More than the picture can carry.
    #[error("the description is too long for the scramble picture")]
    TooLong,
    /// The cipher or the signer failed.
    #[error("the description could not be encrypted or signed")]
    Cryptography,
}

/// Why a picture that was read does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The QR beside the picture belongs to another picture.
    #[error("the QR beside the picture belongs to another one")]
    OtherQr,
    /// No key of this id is known here.
    #[error("the picture is sealed with a key that is not known here")]
    UnknownKey,
    /// The ciphertext is not what the holder of the key made for this label.
    #[error("the picture was not made by the holder of the key")]
    Forged,
    /// The signature inside is nobody's we know.
    #[error("the signature inside the picture does not hold")]
    Signature,
    /// Authentic, but of a form this program does not know.
    #[error("the picture's content has an unknown form")]
    Malformed,
}

/// Seals a page description for a certificate, into the standard geometry.
pub fn seal(plain: &[u8], certificate: &CertificateId, keys: &ScrambleKeys) -> Result<Sealed, SealError> {
    seal_into(Geometry::STANDARD, (Kind::PageDescription, plain), certificate, keys)
}

/// Seals any kind of content for a certificate, into a geometry.
pub fn seal_into(
    geometry: Geometry,
    (kind, plain): (Kind, &[u8]),
    certificate: &CertificateId,
    keys: &ScrambleKeys,
) -> Result<Sealed, SealError> {
    let deflated = deflate(plain)?;
    let ciphertext_length = HEADER_BYTES + deflated.len() + SIGNATURE_BYTES + CIPHER_BYTES;
    let layout =
        Layout::fitting(geometry, FRAME_OVERHEAD + LABEL_BYTES + ciphertext_length).ok_or(SealError::TooLong)?;
    let label = Label::new(keys.id().clone(), certificate.clone(), layout);
    let text = label.to_string();
    let digest = signed_digest(&text, kind, plain);
    let signature: Signature = keys.signer().try_sign(&digest).ok().ok_or(SealError::Cryptography)?;

    let mut message = Zeroizing::new(Vec::with_capacity(ciphertext_length));
    message.extend([PLAIN_VERSION, kind.number()]);
    message.extend_from_slice(&deflated);
    message.extend_from_slice(&signature.to_bytes());
    let ciphertext = encrypt(&mut message, &text, keys).ok_or(SealError::Cryptography)?;
    Ok(Sealed { qr_text: QrText::new(label.clone(), &ciphertext).to_string(), ciphertext, label })
}

/// Opens a reading: the QR must name the picture, the key must be known, the signature inside must hold.
pub fn open(reading: &Reading, keys: &OpeningKeys) -> Result<Opened, OpenError> {
    if let Some(qr) = &reading.qr
        && (*qr.label() != reading.label || !qr.names(&reading.ciphertext))
    {
        return Err(OpenError::OtherQr);
    }
    let message = decrypt(&reading.ciphertext, &reading.label, keys)?;
    let body = message.strip_prefix(&[PLAIN_VERSION]).ok_or(OpenError::Malformed)?;
    let (kind, body) = body.split_first().ok_or(OpenError::Malformed)?;
    let kind = Kind::from_number(*kind).ok_or(OpenError::Malformed)?;
    let (deflated, signature) = body.split_last_chunk::<SIGNATURE_BYTES>().ok_or(OpenError::Malformed)?;
    let plain = inflate(deflated).ok_or(OpenError::Malformed)?;
    let digest = signed_digest(&reading.label.to_string(), kind, &plain);
    let is_signed = keys.signers().iter().any(|point| {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(&digest, signature.as_slice()).is_ok()
    });
    if !is_signed {
        return Err(OpenError::Signature);
    }
    Ok(Opened { certificate: reading.label.certificate().clone(), kind, plain })
}

impl Sealed {
    /// The label in the open.
    pub const fn label(&self) -> &Label {
        &self.label
    }

    /// The bytes that are coded into the field.
    pub(super) fn frame(&self) -> Vec<u8> {
        let label = self.label.to_string();
        let mut frame = FRAME_MAGIC.to_vec();
        frame.push(label.len() as u8);
        frame.extend_from_slice(label.as_bytes());
        frame.extend((self.ciphertext.len() as u32).to_be_bytes());
        frame.extend_from_slice(&self.ciphertext);
        frame
    }
}

/// Takes label and ciphertext out of a decoded frame.
pub(super) fn parse_frame(frame: &[u8]) -> Option<(Label, Vec<u8>)> {
    let (length, rest) = frame.strip_prefix(FRAME_MAGIC)?.split_first()?;
    let (label, rest) = rest.split_at_checked(usize::from(*length))?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let ciphertext = rest.get(..u32::from_be_bytes(*length) as usize)?;
    Some((Label::parse(std::str::from_utf8(label).ok()?)?, ciphertext.to_vec()))
}

impl Kind {
    const fn number(self) -> u8 {
        match self {
            Self::PageDescription => 1,
            Self::BilevelImage => 2,
        }
    }

    const fn from_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::PageDescription),
            2 => Some(Self::BilevelImage),
            _ => None,
        }
    }
}

const FRAME_MAGIC: &[u8] = b"KS\x02";
const FRAME_OVERHEAD: usize = FRAME_MAGIC.len() + 1 + 4;
const LABEL_BYTES: usize = "2.KEYIDKE.CERTIFICATE0.16X20A006".len();
const PLAIN_VERSION: u8 = 2;
const HEADER_BYTES: usize = 2;
const SIGNATURE_BYTES: usize = 64;
/// Nonce and tag of the cipher.
const CIPHER_BYTES: usize = 12 + 16;
/// A description that unpacks to more is refused.
const MAXIMUM_PLAIN: u64 = 4 << 20;

fn signed_digest(label: &str, kind: Kind, plain: &[u8]) -> [u8; 32] {
    digest_of_parts(b"konbini-certificate scramble v2", &[label.as_bytes(), &[kind.number()], plain])
}

fn encrypt(message: &mut Zeroizing<Vec<u8>>, label: &str, keys: &ScrambleKeys) -> Option<Vec<u8>> {
    let nonce = keys.secret().nonce(label.as_bytes(), message);
    let mut sealed = nonce.to_vec();
    let tag = keys
        .secret()
        .cipher()?
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(label.as_bytes()), message)
        .ok()?;
    sealed.extend_from_slice(message);
    sealed.extend_from_slice(tag.as_ref());
    Some(sealed)
}

fn decrypt(ciphertext: &[u8], label: &Label, keys: &OpeningKeys) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let secret = keys.secret(label.key()).ok_or(OpenError::UnknownKey)?;
    let (nonce, rest) = ciphertext.split_first_chunk::<12>().ok_or(OpenError::Malformed)?;
    let mut message = Zeroizing::new(rest.to_vec());
    let length = secret
        .cipher()
        .and_then(|cipher| {
            let aad = Aad::from(label.to_string());
            cipher.open_in_place(Nonce::assume_unique_for_key(*nonce), aad, &mut message).map(|plain| plain.len()).ok()
        })
        .ok_or(OpenError::Forged)?;
    message.truncate(length);
    Ok(message)
}

fn deflate(plain: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let mut compressor = Compressor::new(CompressionLvl::default());
    let mut deflated = Zeroizing::new(vec![0; compressor.deflate_compress_bound(plain.len())]);
    // The buffer holds the worst case.
    let length = compressor.deflate_compress(plain, &mut deflated).ok().ok_or(SealError::TooLong)?;
    deflated.truncate(length);
    Ok(deflated)
}

fn inflate(deflated: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut plain = Zeroizing::new(Vec::new());
    DeflateDecoder::new(deflated).take(MAXIMUM_PLAIN + 1).read_to_end(&mut plain).ok()?;
    (plain.len() as u64 <= MAXIMUM_PLAIN).then_some(plain)
}
