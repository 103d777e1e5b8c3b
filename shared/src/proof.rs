//! What a card signs to prove its holder, and the digest that names the holder without telling who it is.
//!
//! Terminal and centre compute both on their own; neither travels.

use ring::digest::{Context, SHA256};

use crate::domain::certificate::ProofProfile;
use crate::domain::identifiers::{ChallengeId, TerminalId};

/// A SHA-256 digest.
pub type Digest = [u8; 32];

/// Everything that a response to a challenge is bound to.
///
/// The terminal's TLS identity is part of it: a response made at one terminal is worthless at another.
#[derive(Debug, Clone, Copy)]
pub struct Transcript<'a> {
    /// Which proof.
    pub profile: ProofProfile,
    /// Id of the challenge.
    pub challenge: &'a ChallengeId,
    /// The challenge's 32 random bytes.
    pub nonce: &'a [u8],
    /// The terminal's number.
    pub terminal: &'a TerminalId,
    /// SHA-256 of the DER of the terminal's TLS client certificate.
    pub tls_identity: &'a Digest,
}

/// What a response is bound to where the card is held to a phone: no terminal stands between.
///
/// The app's own key is part of it, as the TLS client certificate that the app made itself: a response made
/// for one app is worthless to another, and to every terminal.
#[derive(Debug, Clone, Copy)]
pub struct AppTranscript<'a> {
    /// Which proof.
    pub profile: ProofProfile,
    /// Id of the challenge.
    pub challenge: &'a ChallengeId,
    /// The challenge's 32 random bytes.
    pub nonce: &'a [u8],
    /// SHA-256 of the DER of the certificate that the app made for its key.
    pub app: &'a Digest,
}

impl AppTranscript<'_> {
    /// SHA-256 of the transcript: what the card signs, inside a PKCS#1 v1.5 `DigestInfo`.
    pub fn digest(&self) -> Digest {
        sha256(&self.message())
    }

    /// The transcript itself, for verifiers that hash the message on their own.
    pub fn message(&self) -> Vec<u8> {
        message_of_parts(
            b"konbini-certificate app-proof v1",
            &[profile_name(self.profile), self.challenge.as_str().as_bytes(), self.nonce, self.app],
        )
    }
}

const fn profile_name(profile: ProofProfile) -> &'static [u8] {
    match profile {
        ProofProfile::InputSupport => b"input-support",
        ProofProfile::AuthenticationCertificate => b"authentication-certificate",
    }
}

impl Transcript<'_> {
    /// SHA-256 of the transcript: what the card signs, inside a PKCS#1 v1.5 `DigestInfo`.
    pub fn digest(&self) -> Digest {
        sha256(&self.message())
    }

    /// The transcript itself, for verifiers that hash the message on their own.
    pub fn message(&self) -> Vec<u8> {
        message_of_parts(
            b"konbini-certificate holder-proof v1",
            &[
                profile_name(self.profile),
                self.challenge.as_str().as_bytes(),
                self.nonce,
                self.terminal.as_str().as_bytes(),
                self.tls_identity,
            ],
        )
    }
}

/// Names the holder of one dialogue: both sides can compute it, nobody can tell the person from it.
///
/// `evidence` is what only this person's card gave: the signed attributes file in the input-support
/// profile, the user-authentication certificate in the other. The challenge's nonce makes it fresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HolderDigest(pub Digest);

impl HolderDigest {
    /// Computes it from the card's evidence and the challenge's nonce.
    pub fn compute(evidence: &[u8], nonce: &[u8]) -> Self {
        Self(digest_of_parts(b"konbini-certificate holder v1", &[evidence, nonce]))
    }
}

/// SHA-256 over a label and length-prefixed parts, so that no two lists of parts read the same.
pub fn digest_of_parts(label: &[u8], parts: &[&[u8]]) -> Digest {
    let mut context = Context::new(&SHA256);
    for part in std::iter::once(&label).chain(parts) {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    into_array(context.finish())
}

/// The bytes that [`digest_of_parts`] digests.
fn message_of_parts(label: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut message = Vec::new();
    for part in std::iter::once(&label).chain(parts) {
        message.extend_from_slice(&(part.len() as u64).to_be_bytes());
        message.extend_from_slice(part);
    }
    message
}

/// Plain SHA-256.
pub fn sha256(bytes: &[u8]) -> Digest {
    into_array(ring::digest::digest(&SHA256, bytes))
}

fn into_array(digest: ring::digest::Digest) -> Digest {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cannot_be_moved_across_their_borders() {
        assert_ne!(digest_of_parts(b"x", &[b"ab", b"c"]), digest_of_parts(b"x", &[b"a", b"bc"]));
    }

    #[test]
    fn a_message_is_what_its_digest_is_over() {
        let parts: [&[u8]; 3] = [b"ab", b"", &[9; 300]];
        assert_eq!(sha256(&message_of_parts(b"label", &parts)), digest_of_parts(b"label", &parts));
    }

    #[test]
    fn a_transcript_depends_on_every_field() {
        let challenge = ChallengeId::from_random([1; 16]);
        let terminal = TerminalId::parse("0001").unwrap();
        let transcript = Transcript {
            profile: ProofProfile::InputSupport,
            challenge: &challenge,
            nonce: &[7; 32],
            terminal: &terminal,
            tls_identity: &[9; 32],
        };
        let others = [
            Transcript { profile: ProofProfile::AuthenticationCertificate, ..transcript },
            Transcript { challenge: &ChallengeId::from_random([2; 16]), ..transcript },
            Transcript { nonce: &[8; 32], ..transcript },
            Transcript { terminal: &TerminalId::parse("0002").unwrap(), ..transcript },
            Transcript { tls_identity: &[8; 32], ..transcript },
        ];
        for other in others {
            assert_ne!(transcript.digest(), other.digest());
        }
    }

    #[test]
    fn an_app_transcript_depends_on_every_field() {
        let challenge = ChallengeId::from_random([1; 16]);
        let transcript = AppTranscript {
            profile: ProofProfile::InputSupport,
            challenge: &challenge,
            nonce: &[7; 32],
            app: &[9; 32],
        };
        let others = [
            AppTranscript { profile: ProofProfile::AuthenticationCertificate, ..transcript },
            AppTranscript { challenge: &ChallengeId::from_random([2; 16]), ..transcript },
            AppTranscript { nonce: &[8; 32], ..transcript },
            AppTranscript { app: &[8; 32], ..transcript },
        ];
        for other in others {
            assert_ne!(transcript.digest(), other.digest());
        }
    }
}
