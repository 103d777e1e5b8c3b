//! Issuing exactly once: replays, crossings, crashes, withdrawals, outcomes.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use shared::binding::Expectation;
use shared::clock::Clock as _;
use shared::domain::certificate::{Content, Form};
use shared::domain::identifiers::{IdempotencyKey, MunicipalityCode};
use shared::hidden::Bytes;
use shared::proof::HolderDigest;
use shared::wire::holder::HolderProof;
use shared::wire::issuance::IssuanceAnswer;
use shared::wire::problem::ProblemCode;

use crate::bench::{Bench, Kiosk, key, kiosk, proof, request, wish};

/// The centre's public binding key, as terminals pin it.
fn binding_key(bench: &Bench) -> Vec<u8> {
    bench.center.issuer.binding_public_key().to_vec()
}

async fn hanako(bench: &Bench, form: &str) -> (Kiosk, Value) {
    let kiosk = kiosk("0001");
    let holder = bench.prove(&kiosk, "hanako").await.unwrap();
    if form == "overseas" {
        confirm(bench, &kiosk, &holder).await;
    }
    (kiosk, wish(&holder, form))
}

async fn confirm(bench: &Bench, kiosk: &Kiosk, holder: &Value) {
    let path = format!("/v1/holders/{}/passport", holder["session"].as_str().unwrap());
    bench.call(kiosk, "POST", &path, json!({ "number": "ZZ1000001" })).await.unwrap();
}

fn code<T: std::fmt::Debug>(result: Result<T, shared::wire::problem::Problem>) -> ProblemCode {
    result.unwrap_err().code
}

#[tokio::test]
async fn both_forms_are_issued_and_bound_to_holder_and_request() {
    for (form, name) in [(Form::Domestic, "domestic"), (Form::Overseas, "overseas")] {
        let bench = Bench::new();
        let kiosk = kiosk("0001");
        let challenge = bench.challenge(&kiosk).await.unwrap();
        let proof = proof(&kiosk, "hanako", &challenge);
        let holder = bench.call(&kiosk, "POST", "/v1/holders", request(&challenge, &proof)).await.unwrap();
        if form == Form::Overseas {
            confirm(&bench, &kiosk, &holder).await;
        }
        let answer = bench.issue(&kiosk, &key(1), &wish(&holder, name)).await.unwrap();
        let answer: IssuanceAnswer = serde_json::from_value(answer).unwrap();
        let HolderProof::InputSupport(files) = &proof else { panic!("the other profile") };
        let nonce: Bytes = serde_json::from_value(challenge["nonce"].clone()).unwrap();
        let expectation = Expectation {
            terminal: &kiosk.id,
            idempotency_key: &IdempotencyKey::parse(&key(1)).unwrap(),
            form,
            municipality: &MunicipalityCode::parse("131016").unwrap(),
            copies: 1,
            holder: HolderDigest::compute(files.attributes_file.as_slice(), nonce.as_slice()),
        };
        answer.binding.verify(&binding_key(&bench), expectation, &answer.content, answer.document.as_slice()).unwrap();
        assert_eq!(answer.content.doses.len(), 3);
        assert_eq!(answer.content.passport.is_some(), form == Form::Overseas);
        assert_eq!(answer.content.issued_on.to_string(), "2022-10-03");
    }
}

#[tokio::test]
async fn the_same_request_gives_the_same_bytes_for_ever() {
    let bench = Bench::new();
    let (kiosk, body) = hanako(&bench, "domestic").await;
    let first = bench.issue(&kiosk, &key(1), &body).await.unwrap();
    let again = bench.issue(&kiosk, &key(1), &body).await.unwrap();
    let bench = bench.restart();
    bench.at("2022-10-03T23:30:00+09:00");
    let after_restart_at_night = bench.issue(&kiosk, &key(1), &body).await.unwrap();
    assert_eq!(first, again);
    assert_eq!(first, after_restart_at_night);
    assert_eq!(bench.press.made.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn the_same_key_for_another_request_is_refused_and_audited() {
    let bench = Bench::new();
    let (kiosk, body) = hanako(&bench, "domestic").await;
    let first = bench.issue(&kiosk, &key(1), &body).await.unwrap();
    let before = bench.center.store.head().unwrap().sequence;
    let mut other = body.clone();
    other["copies"] = json!(2);
    assert_eq!(code(bench.issue(&kiosk, &key(1), &other).await), ProblemCode::IdempotencyKeyReused);
    assert_eq!(bench.center.store.head().unwrap().sequence, before + 1);
    assert_eq!(bench.issue(&kiosk, &key(1), &body).await.unwrap(), first, "the original is untouched");
}

#[tokio::test]
async fn another_terminals_key_is_a_key_of_its_own() {
    let bench = Bench::new();
    let (here, body) = hanako(&bench, "domestic").await;
    let there = kiosk("0002");
    let holder = bench.prove(&there, "taro").await.unwrap();
    let first = bench.issue(&here, &key(1), &body).await.unwrap();
    let second = bench.issue(&there, &key(1), &wish(&holder, "domestic")).await.unwrap();
    assert_ne!(first["content"]["name"], second["content"]["name"]);
    assert_eq!(code(bench.issue(&there, &key(2), &body).await), ProblemCode::HolderSessionUnknown);
}

#[tokio::test]
async fn a_crash_after_the_intent_is_made_good_with_the_same_certificate() {
    let bench = Bench::new();
    let (kiosk, body) = hanako(&bench, "overseas").await;
    bench.press.failures.store(1, Ordering::SeqCst);
    assert_eq!(code(bench.issue(&kiosk, &key(1), &body).await), ProblemCode::Internal);
    let intended = bench.center.store.key_use(&kiosk.id, &IdempotencyKey::parse(&key(1)).unwrap()).unwrap();
    let center::store::KeyUse::Issuance(intended) = intended else { panic!("the intent is stored") };
    let bench = bench.restart();
    let answer = bench.issue(&kiosk, &key(1), &body).await.unwrap();
    assert_eq!(answer["content"]["certificate"], intended.intent.certificate.as_str());
    assert_eq!(answer["binding"]["statement"]["issuance"], intended.intent.issuance.as_str());
}

#[tokio::test]
async fn what_was_begun_is_finished_after_closing_but_not_the_next_morning() {
    let bench = Bench::new();
    let (kiosk, body) = hanako(&bench, "domestic").await;
    bench.at("2022-10-03T22:59:59+09:00");
    let (kiosk_again, late) = hanako(&bench, "domestic").await;
    bench.press.failures.store(2, Ordering::SeqCst);
    assert_eq!(code(bench.issue(&kiosk, &key(1), &late).await), ProblemCode::Internal);
    bench.at("2022-10-03T23:05:00+09:00");
    assert_eq!(code(bench.issue(&kiosk, &key(1), &late).await), ProblemCode::Internal, "the press was tried");
    bench.at("2022-10-03T23:30:00+09:00");
    assert_eq!(code(bench.issue(&kiosk, &key(1), &late).await), ProblemCode::OutOfHours);
    assert_eq!(code(bench.issue(&kiosk_again, &key(2), &body).await), ProblemCode::OutOfHours);
}

#[tokio::test]
async fn the_stop_switch_also_stops_what_was_begun() {
    let bench = Bench::new();
    let (kiosk, body) = hanako(&bench, "domestic").await;
    bench.press.failures.store(1, Ordering::SeqCst);
    assert_eq!(code(bench.issue(&kiosk, &key(1), &body).await), ProblemCode::Internal);
    bench.center.store.switch(center::store::SwitchPosition::Stopped, "drill", bench.clock.now()).unwrap();
    assert_eq!(code(bench.issue(&kiosk, &key(1), &body).await), ProblemCode::ServiceStopped);
}

#[tokio::test]
async fn simultaneous_requests_with_one_key_make_one_certificate() {
    let bench = Arc::new(Bench::new());
    let (kiosk, body) = hanako(&bench, "domestic").await;
    let calls: Vec<_> = (0..16)
        .map(|_| {
            let (bench, kiosk, body) = (Arc::clone(&bench), kiosk.clone(), body.clone());
            tokio::spawn(async move { bench.issue(&kiosk, &key(1), &body).await })
        })
        .collect();
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap().unwrap());
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(bench.press.made.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn requests_of_the_same_second_never_cross() {
    let bench = Arc::new(Bench::new());
    let terminals = [("0001", "hanako"), ("0002", "taro")];
    let mut calls = Vec::new();
    for (terminal, resident) in terminals {
        let kiosk = kiosk(terminal);
        let holder = bench.prove(&kiosk, resident).await.unwrap();
        for number in 0..20 {
            let (bench, kiosk, body) = (Arc::clone(&bench), kiosk.clone(), wish(&holder, "domestic"));
            calls
                .push(tokio::spawn(async move { (resident, bench.issue(&kiosk, &key(number), &body).await.unwrap()) }));
        }
    }
    let mut names = std::collections::BTreeMap::<&str, std::collections::BTreeSet<String>>::new();
    let mut certificates = std::collections::BTreeSet::new();
    for call in calls {
        let (resident, answer) = call.await.unwrap();
        let document: Bytes = serde_json::from_value(answer["document"].clone()).unwrap();
        let printed: Content = serde_json::from_slice(document.as_slice()).unwrap();
        assert_eq!(printed.name, answer["content"]["name"].as_str().unwrap());
        names.entry(resident).or_default().insert(printed.name.clone());
        assert!(certificates.insert(printed.certificate.clone()), "no certificate id is given twice");
    }
    assert!(names.values().all(|names| names.len() == 1) && names["hanako"] != names["taro"]);
}

#[tokio::test]
async fn a_withdrawn_key_makes_nothing() {
    let bench = Bench::new();
    let (kiosk, body) = hanako(&bench, "domestic").await;
    bench.tell(&kiosk, &key(1), "cancelled").await.unwrap();
    assert_eq!(code(bench.issue(&kiosk, &key(1), &body).await), ProblemCode::IssuanceWithdrawn);
    assert_eq!(bench.press.made.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn outcomes_follow_money_and_paper() {
    let bench = Bench::new();
    let (kiosk, body) = hanako(&bench, "domestic").await;
    for (number, told) in [
        (1, [("taken", true), ("taken", true), ("refunded", false)]),
        (2, [("unknown", true), ("taken", true), ("refunded", false)]),
        (3, [("unknown", true), ("refunded", true), ("taken", false)]),
        (4, [("cancelled", true), ("cancelled", true), ("taken", false)]),
    ] {
        bench.issue(&kiosk, &key(number), &body).await.unwrap();
        for (outcome, accepted) in told {
            let result = bench.tell(&kiosk, &key(number), outcome).await;
            let conflict = result.err().map(|problem| problem.code);
            let expected = (!accepted).then_some(ProblemCode::OutcomeConflict);
            assert_eq!(conflict, expected, "{number} {outcome}");
        }
    }
    assert!(bench.issue(&kiosk, &key(1), &body).await.is_ok(), "a taken certificate may be asked for again");
    for void in [3, 4] {
        assert_eq!(code(bench.issue(&kiosk, &key(void), &body).await), ProblemCode::IssuanceWithdrawn);
    }
}

#[tokio::test]
async fn a_cancelled_certificate_counts_as_revoked() {
    let bench = Bench::new();
    let (kiosk, body) = hanako(&bench, "domestic").await;
    let answer = bench.issue(&kiosk, &key(1), &body).await.unwrap();
    let certificate = answer["content"]["certificate"].as_str().unwrap().parse().unwrap();
    let status = || bench.center.store.certificate_status(&certificate).unwrap();
    assert_eq!(status(), Some(center::store::CertificateStatus::Pending));
    bench.tell(&kiosk, &key(1), "cancelled").await.unwrap();
    assert_eq!(status(), Some(center::store::CertificateStatus::Revoked));
}

#[tokio::test]
async fn the_rules_are_asked_again_when_it_is_issued() {
    let bench = Bench::new();
    let (kiosk, body) = hanako(&bench, "domestic").await;
    let record = shared::records::MunicipalityRecord {
        municipality: MunicipalityCode::parse("131016").unwrap(),
        kiosk: shared::records::KioskConsent::Suspended,
    };
    bench
        .center
        .store
        .import(vec![(1, shared::records::Record::Municipality(record))], bench.center.clock.now())
        .unwrap();
    assert_eq!(code(bench.issue(&kiosk, &key(1), &body).await), ProblemCode::MunicipalitySuspended);
}

#[tokio::test]
async fn wishes_outside_the_rules_are_refused_and_store_nothing() {
    let bench = Bench::new();
    let (kiosk, body) = hanako(&bench, "domestic").await;
    let entries = bench.center.store.head().unwrap().sequence;
    let changed = |field: &str, value: Value| {
        let mut body = body.clone();
        body[field] = value;
        body
    };
    for (body, expected) in [
        (changed("copies", json!(0)), ProblemCode::CopiesOutOfRange),
        (changed("copies", json!(6)), ProblemCode::CopiesOutOfRange),
        (changed("form", json!("overseas")), ProblemCode::PassportNotConfirmed),
        (changed("municipality", json!("472018")), ProblemCode::MunicipalityWithoutRecord),
        (changed("session", json!("0".repeat(32))), ProblemCode::HolderSessionUnknown),
    ] {
        assert_eq!(code(bench.issue(&kiosk, &key(1), &body).await), expected);
    }
    assert_eq!(bench.center.store.head().unwrap().sequence, entries);
}

#[tokio::test]
async fn a_crowd_of_issuances_is_refused_before_anything_is_stored() {
    let bench = Bench::with(|config| {
        config.limits.concurrent_issuances = 1;
        config.limits.waiting_issuances = 0;
    });
    let (kiosk, body) = hanako(&bench, "domestic").await;
    let held = bench.center.limits.issuances.try_acquire().unwrap();
    let refused = bench.issue(&kiosk, &key(1), &body).await.unwrap_err();
    assert_eq!((refused.code, refused.retry_after_seconds.is_some()), (ProblemCode::Busy, true));
    drop(held);
    bench.issue(&kiosk, &key(1), &body).await.unwrap();
}

#[tokio::test]
async fn the_idempotency_key_must_be_one_of_the_right_form() {
    let bench = Bench::new();
    let (kiosk, body) = hanako(&bench, "domestic").await;
    assert_eq!(code(bench.issue(&kiosk, "short", &body).await), ProblemCode::MalformedRequest);
    let twice = Request::post("/v1/issuances")
        .header("content-type", "application/json")
        .header("idempotency-key", key(1))
        .header("idempotency-key", key(2))
        .body(Body::from(body.to_string()))
        .unwrap();
    let refused = crate::bench::read(bench.send(&kiosk, twice).await).await;
    assert_eq!(code(refused), ProblemCode::MalformedRequest);
    let path = "/v1/issuances/short/outcome";
    let refused = bench.call(&kiosk, "PUT", path, json!({ "outcome": "taken" })).await;
    assert_eq!(code(refused), ProblemCode::MalformedRequest);
}
