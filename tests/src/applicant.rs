//! A resident who talks to the centre without a terminal's program: card, challenge, proof, request by hand.

use fixtures::software_card::{CardFile, SoftwareCard};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use serde_json::{Value, json};
use shared::card::channel::Channel;
use shared::card::input_support;
use shared::card::pin::{Pin, PinVerdict};
use shared::domain::certificate::ProofProfile;
use shared::domain::identifiers::IdempotencyKey;
use shared::proof::Transcript;
use shared::wire::challenge::ChallengeAnswer;

use crate::caller::{Caller, Said, heard};
use crate::world::{Resident, World};

/// Asks for a challenge.
#[track_caller]
pub fn challenge(caller: &Caller) -> ChallengeAnswer {
    let said = caller.post("/v1/challenges", &json!({"kind": "vaccination"}));
    serde_json::from_value(said.body.clone()).unwrap_or_else(|error| panic!("no challenge ({error}): {said:?}"))
}

/// The request by which a resident's card answers a challenge, made at this caller.
#[track_caller]
pub fn proof(world: &World, resident: &Resident, caller: &Caller, challenge: &ChallengeAnswer) -> Value {
    let mut channel = Channel::new(card(world, resident));
    input_support::select(&mut channel).expect("the application");
    let pin = Pin::parse(&resident.pins.input_support).expect("four digits");
    let verdict = input_support::verify_pin(&mut channel, pin, None).expect("an answer to the PIN");
    assert!(matches!(verdict, PinVerdict::Right), "{verdict:?}");
    let transcript = Transcript {
        profile: ProofProfile::InputSupport,
        challenge: &challenge.challenge,
        nonce: challenge.nonce.as_slice(),
        terminal: caller.id(),
        tls_identity: caller.tls_identity(),
    };
    let proof = input_support::prove(&mut channel, &transcript.digest()).expect("a proof");
    let mut proof = serde_json::to_value(proof).expect("a proof as JSON");
    if let Some(fields) = proof.as_object_mut() {
        fields.insert("profile".to_owned(), "input-support".into());
    }
    json!({"kind": "vaccination", "challenge": challenge.challenge, "proof": proof})
}

/// The resident's card, from its file.
pub fn card(world: &World, resident: &Resident) -> SoftwareCard {
    let file = CardFile::open(&world.path(&resident.card)).expect("a card file");
    SoftwareCard::in_memory(file, ChaCha20Rng::seed_from_u64(7)).expect("a card")
}

/// Proves the holder; gives the session.
#[track_caller]
pub fn session(world: &World, resident: &Resident, caller: &Caller) -> String {
    let challenge = challenge(caller);
    let said = caller.post("/v1/holders", &proof(world, resident, caller, &challenge));
    match said.body.get("session").and_then(Value::as_str) {
        Some(session) => session.to_owned(),
        None => panic!("{} is not believed: {said:?}", resident.id),
    }
}

/// Asks for an issuance.
#[track_caller]
pub fn issue(caller: &Caller, key: &IdempotencyKey, request: &Value) -> Said {
    heard(caller.request("POST", "/v1/issuances").header("idempotency-key", key.as_str()).json(request))
}

/// A key that nobody else has: the caller's number and a count.
pub fn key(caller: &Caller, count: u32) -> IdempotencyKey {
    let mut bits = [0xA5; 16];
    let name = [caller.id().as_str().as_bytes(), &count.to_be_bytes()].concat();
    bits.iter_mut().zip(name).for_each(|(bit, byte)| *bit = byte);
    IdempotencyKey::from_random(bits)
}
