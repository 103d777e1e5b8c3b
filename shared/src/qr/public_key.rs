//! A P-256 public key as readers of the codes know it: a point, a JSON Web Key, a thumbprint.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

use super::{DecodeError, Signature};
use crate::proof::sha256;

/// An uncompressed point: `04`, x, y.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 65]);

/// One key of a key set, as published under `/.well-known/jwks.json` (SMART Health Cards §Issuer keys).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// `EC`
    pub kty: String,
    /// RFC 7638 thumbprint.
    pub kid: String,
    /// `sig`
    #[serde(rename = "use")]
    pub usage: String,
    /// `ES256`
    pub alg: String,
    /// `P-256`
    pub crv: String,
    /// base64url.
    pub x: String,
    /// base64url.
    pub y: String,
}

/// A key set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwks {
    /// The keys.
    pub keys: Vec<Jwk>,
}

impl PublicKey {
    /// Parses an uncompressed point. Whether it lies on the curve shows when a signature is checked.
    pub fn parse(point: &[u8]) -> Option<Self> {
        let point: [u8; 65] = point.try_into().ok()?;
        (point.first() == Some(&4)).then_some(Self(point))
    }

    /// The uncompressed point.
    pub const fn point(&self) -> &[u8; 65] {
        &self.0
    }

    /// Reads a key of a published set; its id must be its thumbprint.
    pub fn from_jwk(jwk: &Jwk) -> Option<Self> {
        let (x, y) = (URL_SAFE_NO_PAD.decode(&jwk.x).ok()?, URL_SAFE_NO_PAD.decode(&jwk.y).ok()?);
        if (jwk.kty.as_str(), jwk.crv.as_str(), x.len(), y.len()) != ("EC", "P-256", 32, 32) {
            return None;
        }
        let key = Self::parse(&[&[4], x.as_slice(), y.as_slice()].concat())?;
        (key.thumbprint() == jwk.kid).then_some(key)
    }

    /// The key as published.
    pub fn jwk(&self) -> Jwk {
        let (x, y) = self.coordinates();
        Jwk {
            kty: "EC".to_owned(),
            kid: self.thumbprint(),
            usage: "sig".to_owned(),
            alg: "ES256".to_owned(),
            crv: "P-256".to_owned(),
            x,
            y,
        }
    }

    /// RFC 7638 §3.2: SHA-256 over the required members in their order, base64url.
    pub fn thumbprint(&self) -> String {
        let (x, y) = self.coordinates();
        let members = format!("{{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"{x}\",\"y\":\"{y}\"}}");
        URL_SAFE_NO_PAD.encode(sha256(members.as_bytes()))
    }

    /// Checks an ES256 signature.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), DecodeError> {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &self.0)
            .verify(message, signature)
            .map_err(|ring::error::Unspecified| DecodeError::Signature)
    }

    fn coordinates(&self) -> (String, String) {
        let (x, y) = self.0[1..].split_at(32);
        (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y))
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({})", self.thumbprint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Jwk {
        // The public example issuer of the SMART Health Cards framework, with its published key id.
        Jwk {
            kty: "EC".to_owned(),
            kid: "3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s".to_owned(),
            usage: "sig".to_owned(),
            alg: "ES256".to_owned(),
            crv: "P-256".to_owned(),
            x: "11XvRWy1I2S0EyJlyf_bWfw_TQ5CJJNLw78bHXNxcgw".to_owned(),
            y: "eZXwxvO1hvCY0KucrPfKo7yAyMT6Ajc3N7OkAB6VYy8".to_owned(),
        }
    }

    #[test]
    fn the_thumbprint_is_that_of_the_published_example() {
        let key = PublicKey::from_jwk(&example()).unwrap();
        assert_eq!(key.jwk(), example());
    }

    #[test]
    fn a_key_under_a_foreign_id_is_refused() {
        let jwk = Jwk { kid: "3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9t".to_owned(), ..example() };
        assert!(PublicKey::from_jwk(&jwk).is_none());
    }
}
