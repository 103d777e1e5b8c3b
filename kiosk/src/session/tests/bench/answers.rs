//! What a card and a centre answer on the bench.

use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::signature::EcdsaKeyPair;
use shared::binding::{Binding, Statement, content_digest, encode_digest};
use shared::domain::certificate::{CertificateKind, Content, Form, ProofProfile};
use shared::domain::fee::{FEE_PER_COPY, Yen};
use shared::domain::identifiers::{CertificateId, ChainId, ChallengeId, HolderSessionId, IdempotencyKey, IssuanceId};
use shared::domain::person::Sex;
use shared::proof::{HolderDigest, sha256};
use shared::wire::challenge::ChallengeAnswer;
use shared::wire::holder::{Availability, FormOffer, HolderAnswer, HolderProof, InputSupportProof, MunicipalityOffer};
use shared::wire::issuance::{IssuanceAnswer, IssuanceRequest};
use shared::wire::terminal::{CertificateOffer, ServiceState, TerminalAnswer};

use super::{municipality, terminal};
use crate::session::bound_document::CardIdentity;
use crate::session::event::CardProof;

/// How a document can be somebody else's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session::tests) enum Crossing {
    Holder,
    Key,
    Copies,
    Bytes,
    Content,
    Signature,
    Person,
    Fee,
}

impl Crossing {
    pub(in crate::session::tests) const ALL: [Self; 8] =
        [Self::Holder, Self::Key, Self::Copies, Self::Bytes, Self::Content, Self::Signature, Self::Person, Self::Fee];
}

const NONCE: [u8; 32] = [7; 32];
const ATTRIBUTES: &[u8] = b"the attributes file of one card";
const NAME: &str = "試験　花子";

fn identity() -> CardIdentity {
    CardIdentity::Named { name: NAME.to_owned(), birth_date: jiff::civil::date(1980, 2, 17) }
}

pub(super) fn greeting() -> TerminalAnswer {
    TerminalAnswer {
        terminal: terminal(),
        chain: ChainId::parse("S01").unwrap(),
        time: "2022-10-03T01:00:00Z".parse().unwrap(),
        service: ServiceState::Open { until: "2022-10-03T14:00:00Z".parse().unwrap() },
        certificates: vec![CertificateOffer {
            kind: CertificateKind::Vaccination,
            profile: ProofProfile::InputSupport,
        }],
        fee_per_copy: FEE_PER_COPY,
    }
}

pub(super) fn challenge(now: Timestamp) -> ChallengeAnswer {
    ChallengeAnswer {
        challenge: ChallengeId::from_random([2; 16]),
        nonce: NONCE.to_vec().into(),
        profile: ProofProfile::InputSupport,
        expires: now + jiff::SignedDuration::from_secs(60),
    }
}

pub(super) fn proof() -> CardProof {
    let proof = InputSupportProof {
        number_file: vec![1].into(),
        attributes_file: ATTRIBUTES.into(),
        signature_file: vec![1].into(),
        authority_certificate: vec![1].into(),
        public_key_file: vec![1].into(),
        response: vec![1].into(),
        authentication_certificate: vec![1].into(),
    };
    CardProof { proof: HolderProof::InputSupport(proof), identity: identity() }
}

pub(super) fn holder_answer(overseas: Availability) -> HolderAnswer {
    let forms = vec![
        FormOffer { form: Form::Overseas, availability: overseas },
        FormOffer { form: Form::Domestic, availability: Availability::Open },
    ];
    HolderAnswer {
        session: HolderSessionId::from_random([3; 16]),
        expires: "2022-10-03T01:10:00Z".parse().unwrap(),
        municipalities: vec![MunicipalityOffer { municipality: municipality(), forms }],
    }
}

/// A document as the centre makes it, or somebody else's.
pub(super) fn issue(
    pair: &EcdsaKeyPair,
    key: &IdempotencyKey,
    request: &IssuanceRequest,
    crossing: Option<Crossing>,
) -> IssuanceAnswer {
    let is = |other| crossing == Some(other);
    let name = if is(Crossing::Person) { "別人　一郎" } else { NAME };
    let mut content = Content {
        form: request.form,
        name: name.to_owned(),
        birth_date: jiff::civil::date(1980, 2, 17),
        sex: Sex::Female,
        passport: None,
        doses: Vec::new(),
        certificate: CertificateId::from_number(77),
        issued_on: jiff::civil::date(2022, 10, 3),
        municipality: request.municipality.clone(),
    };
    let mut document = b"%PDF-1.7 two pages".to_vec();
    let evidence = if is(Crossing::Holder) { b"another card".as_slice() } else { ATTRIBUTES };
    let copies = if is(Crossing::Copies) { 5 } else { request.copies };
    let statement = Statement {
        terminal: terminal(),
        idempotency_key: if is(Crossing::Key) { IdempotencyKey::from_random([8; 16]) } else { key.clone() },
        issuance: IssuanceId::from_random([4; 16]),
        certificate: content.certificate.clone(),
        form: request.form,
        municipality: request.municipality.clone(),
        copies,
        fee: if is(Crossing::Fee) { Yen(10) } else { FEE_PER_COPY.times(copies).unwrap() },
        holder: encode_digest(&HolderDigest::compute(evidence, &NONCE).0),
        content: encode_digest(&content_digest(&content)),
        document: encode_digest(&sha256(&document)),
    };
    let mut signature = pair.sign(&SystemRandom::new(), &statement.digest()).unwrap().as_ref().to_vec();
    if is(Crossing::Signature) {
        signature[10] ^= 1;
    }
    if is(Crossing::Bytes) {
        document.push(b'!');
    }
    if is(Crossing::Content) {
        content.sex = Sex::Male;
    }
    IssuanceAnswer { content, document: document.into(), binding: Binding { statement, signature: signature.into() } }
}
