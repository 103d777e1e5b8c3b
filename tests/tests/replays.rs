//! Challenges, sessions and keys used again, elsewhere or by somebody else.

use serde_json::{Value, json};
use tests::applicant::{self, issue, key, session};
use tests::caller::{Caller, heard};
use tests::world::{Resident, World};

/// A domestic certificate from the municipality of residence.
fn request(session: &str, resident: &Resident) -> Value {
    json!({"session": session, "municipality": resident.municipality, "form": "domestic", "copies": 1})
}

fn outcome(caller: &Caller, key: &str, outcome: &str) -> (u16, String) {
    let said = heard(caller.request("PUT", &format!("/v1/issuances/{key}/outcome")).json(&json!({"outcome": outcome})));
    (said.status, said.body.get("code").and_then(Value::as_str).unwrap_or_default().to_owned())
}

#[test]
fn a_challenge_is_good_once_and_at_one_terminal() {
    let world = World::new();
    let center = world.center();
    let (first, second) = (Caller::terminal(&world, &center, "0001"), Caller::terminal(&world, &center, "0002"));
    let hanako = world.resident("hanako");
    let challenge = applicant::challenge(&first);
    let proof = applicant::proof(&world, hanako, &first, &challenge);
    assert_eq!(first.post("/v1/holders", &proof).status, 200);
    assert_eq!(first.post("/v1/holders", &proof).problem(), (403, "challenge-refused"));
    let challenge = applicant::challenge(&first);
    let proof = applicant::proof(&world, hanako, &first, &challenge);
    assert_eq!(second.post("/v1/holders", &proof).problem(), (403, "challenge-refused"));
}

#[test]
fn a_response_made_for_another_terminal_is_refused() {
    let world = World::new();
    let center = world.center();
    let (first, second) = (Caller::terminal(&world, &center, "0001"), Caller::terminal(&world, &center, "0002"));
    let challenge = applicant::challenge(&first);
    // The card was made to sign as if it stood at the other terminal.
    let proof = applicant::proof(&world, world.resident("hanako"), &second, &challenge);
    assert_eq!(first.post("/v1/holders", &proof).problem(), (403, "holder-signature-invalid"));
}

#[test]
fn files_of_two_cards_cannot_be_mixed() {
    let world = World::new();
    let center = world.center();
    let caller = Caller::terminal(&world, &center, "0001");
    let fields = ["number_file", "attributes_file", "signature_file", "public_key_file", "authentication_certificate"];
    for field in fields {
        let challenge = applicant::challenge(&caller);
        let mut hanako = applicant::proof(&world, world.resident("hanako"), &caller, &challenge);
        let sora = applicant::proof(&world, world.resident("sora"), &caller, &challenge);
        hanako["proof"][field] = sora["proof"][field].clone();
        let said = caller.post("/v1/holders", &hanako);
        assert_eq!(said.status, 403, "{field} of another card was believed: {said:?}");
    }
}

#[test]
fn a_session_belongs_to_its_terminal() {
    let world = World::new();
    let center = world.center();
    let (first, second) = (Caller::terminal(&world, &center, "0001"), Caller::terminal(&world, &center, "0002"));
    let hanako = world.resident("hanako");
    let session = session(&world, hanako, &first);
    let said = issue(&second, &key(&second, 1), &request(&session, hanako));
    assert_eq!(said.problem(), (403, "holder-session-unknown"));
    assert_eq!(issue(&first, &key(&first, 1), &request(&session, hanako)).status, 200);
}

#[test]
fn the_same_key_gives_the_same_bytes_and_another_request_is_refused() {
    let world = World::new();
    let center = world.center();
    let (caller, other) = (Caller::terminal(&world, &center, "0001"), Caller::terminal(&world, &center, "0002"));
    let hanako = world.resident("hanako");
    let session = session(&world, hanako, &caller);
    let (key, body) = (key(&caller, 1), request(&session, hanako));
    let first = issue(&caller, &key, &body);
    assert_eq!(first.status, 200, "{first:?}");
    assert_eq!(issue(&caller, &key, &body).body, first.body);
    let mut changed = body.clone();
    changed["copies"] = json!(2);
    assert_eq!(issue(&caller, &key, &changed).problem(), (422, "idempotency-key-reused"));
    assert_eq!(issue(&caller, &key, &body).body, first.body, "the original was touched");
    // Another terminal that guesses the key learns nothing.
    let guessed = issue(&other, &key, &body);
    assert_eq!(guessed.problem(), (403, "holder-session-unknown"));
}

#[test]
fn the_same_request_at_the_same_moment_is_one_issuance() {
    let world = World::new();
    let center = world.center();
    let caller = Caller::terminal(&world, &center, "0001");
    let hanako = world.resident("hanako");
    let session = session(&world, hanako, &caller);
    let (key, body) = (key(&caller, 1), request(&session, hanako));
    let answers: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..8).map(|_| scope.spawn(|| issue(&caller, &key, &body))).collect();
        running.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    });
    let whole: Vec<_> = answers.iter().filter(|said| said.status == 200).collect();
    assert!(!whole.is_empty(), "{answers:?}");
    assert!(whole.iter().all(|said| said.body == whole[0].body), "one key gave two documents");
    for said in answers.iter().filter(|said| said.status != 200) {
        assert_eq!(said.problem(), (409, "issuance-in-progress"));
    }
}

#[test]
fn the_passport_comes_before_the_overseas_form_and_has_three_tries() {
    let world = World::new();
    let center = world.center();
    let caller = Caller::terminal(&world, &center, "0001");
    let hanako = world.resident("hanako");
    let session = session(&world, hanako, &caller);
    let mut body = request(&session, hanako);
    body["form"] = json!("overseas");
    assert_eq!(issue(&caller, &key(&caller, 1), &body).problem(), (403, "passport-not-confirmed"));
    let confirm = |number: &str| caller.post(&format!("/v1/holders/{session}/passport"), &json!({"number": number}));
    assert_eq!(confirm("ZZ9999999").problem(), (403, "passport-mismatch"));
    assert_eq!(confirm("ZZ9999998").problem(), (403, "passport-mismatch"));
    let last = confirm("ZZ9999997");
    assert!(["passport-mismatch", "passport-attempts-exceeded"].contains(&last.problem().1), "{last:?}");
    let right = &hanako.passport.as_ref().expect("a passport").number;
    assert_eq!(confirm(right).problem(), (403, "passport-attempts-exceeded"));
}

#[test]
fn copies_and_foreign_municipalities_are_refused() {
    let world = World::new();
    let center = world.center();
    let caller = Caller::terminal(&world, &center, "0001");
    let hanako = world.resident("hanako");
    let session = session(&world, hanako, &caller);
    for (count, copies) in [(1, 0), (2, 6), (3, 255)] {
        let mut body = request(&session, hanako);
        body["copies"] = json!(copies);
        assert_eq!(issue(&caller, &key(&caller, count), &body).problem(), (400, "copies-out-of-range"));
    }
    for copies in [json!(-1), json!(256), json!(1.5), json!("1")] {
        let mut body = request(&session, hanako);
        body["copies"] = copies;
        assert_eq!(issue(&caller, &key(&caller, 4), &body).problem(), (400, "malformed-request"));
    }
    let mut body = request(&session, hanako);
    body["municipality"] = json!("011002");
    assert_eq!(issue(&caller, &key(&caller, 5), &body).problem(), (403, "municipality-without-record"));
}

#[test]
fn a_withdrawn_key_is_never_issued_from_and_an_outcome_stands() {
    let world = World::new();
    let center = world.center();
    let caller = Caller::terminal(&world, &center, "0001");
    let hanako = world.resident("hanako");
    let session = session(&world, hanako, &caller);
    let (late, taken) = (key(&caller, 1), key(&caller, 2));
    assert_eq!(outcome(&caller, late.as_str(), "cancelled").0, 204);
    assert_eq!(issue(&caller, &late, &request(&session, hanako)).problem(), (409, "issuance-withdrawn"));
    assert_eq!(issue(&caller, &taken, &request(&session, hanako)).status, 200);
    assert_eq!(outcome(&caller, taken.as_str(), "taken").0, 204);
    assert_eq!(outcome(&caller, taken.as_str(), "taken").0, 204, "an outcome may be repeated");
    assert_eq!(outcome(&caller, taken.as_str(), "refunded"), (409, "outcome-conflict".to_owned()));
    center.stop();
    world.assert_audit_whole();
}
