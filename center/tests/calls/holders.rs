//! Who stands at the terminal, by both profiles, and every way in which a proof is refused.

use serde_json::{Value, json};
use shared::domain::certificate::ProofProfile;
use shared::wire::holder::HolderProof;
use shared::wire::problem::ProblemCode;

use crate::bench::{Bench, Kiosk, kiosk, proof, request};

fn with_certificate_profile() -> Bench {
    Bench::with(|config| config.certificates[0].profile = ProofProfile::AuthenticationCertificate)
}

async fn refused(bench: &Bench, resident: &str) -> ProblemCode {
    bench.prove(&kiosk("0001"), resident).await.unwrap_err().code
}

async fn present(bench: &Bench, kiosk: &Kiosk, challenge: &Value, proof: &HolderProof) -> Result<Value, ProblemCode> {
    bench.call(kiosk, "POST", "/v1/holders", request(challenge, proof)).await.map_err(|problem| problem.code)
}

fn availability(holder: &Value, municipality: usize) -> [&Value; 2] {
    let forms = &holder["municipalities"][municipality]["forms"];
    [&forms[0]["availability"], &forms[1]["availability"]]
}

#[tokio::test]
async fn a_holder_proves_themselves_by_either_profile() {
    for bench in [Bench::new(), with_certificate_profile()] {
        let holder = bench.prove(&kiosk("0001"), "hanako").await.unwrap();
        let offers = availability(&holder, 0);
        assert_eq!(offers[0], &json!({ "state": "open" }));
        assert_eq!(offers[1], &json!({ "state": "passport-needed", "masked": "******001" }));
    }
}

#[tokio::test]
async fn every_resident_gets_what_their_record_allows() {
    let bench = Bench::new();
    let refusal = |code: &str| json!({ "state": "refused", "code": code });
    for (resident, code) in [("taro", "passport-not-registered"), ("yuki", "passport-expired")] {
        let holder = bench.prove(&kiosk("0001"), resident).await.unwrap();
        assert_eq!(availability(&holder, 0), [&json!({ "state": "open" }), &refusal(code)], "{resident}");
    }
    let kai = bench.prove(&kiosk("0001"), "kai").await.unwrap();
    assert_eq!(availability(&kai, 0)[0], &refusal("municipality-not-participating"));
    let aoi = bench.prove(&kiosk("0001"), "aoi").await.unwrap();
    assert_eq!(aoi["municipalities"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn residents_who_may_have_nothing_are_told_why() {
    let bench = Bench::new();
    for (resident, code) in [
        ("jiro", ProblemCode::NoRecord),
        ("ken", ProblemCode::CertificateRevoked),
        ("mei", ProblemCode::CertificateExpired),
        ("umi", ProblemCode::PersonProtected),
        ("mori", ProblemCode::RecordHeld),
    ] {
        assert_eq!(refused(&bench, resident).await, code, "{resident}");
    }
}

#[tokio::test]
async fn a_card_of_a_foreign_authority_is_refused() {
    assert_eq!(refused(&Bench::new(), "eve").await, ProblemCode::CardNotGenuine);
    assert_eq!(refused(&with_certificate_profile(), "eve").await, ProblemCode::CertificateUntrusted);
}

#[tokio::test]
async fn a_proof_is_good_once() {
    let (bench, kiosk) = (Bench::new(), kiosk("0001"));
    let challenge = bench.challenge(&kiosk).await.unwrap();
    let proof = proof(&kiosk, "hanako", &challenge);
    present(&bench, &kiosk, &challenge, &proof).await.unwrap();
    let before = bench.center.store.head().unwrap().sequence;
    let replayed = present(&bench, &kiosk, &challenge, &proof).await;
    assert_eq!(replayed.unwrap_err(), ProblemCode::ChallengeRefused);
    assert_eq!(bench.center.store.head().unwrap().sequence, before + 1, "the replay is audited");
}

#[tokio::test]
async fn a_challenge_is_used_up_by_a_proof_that_fails() {
    let (bench, kiosk) = (Bench::new(), kiosk("0001"));
    let challenge = bench.challenge(&kiosk).await.unwrap();
    let other = bench.challenge(&kiosk).await.unwrap();
    let wrong = proof(&kiosk, "hanako", &other);
    assert_eq!(present(&bench, &kiosk, &challenge, &wrong).await.unwrap_err(), ProblemCode::HolderSignatureInvalid);
    let right = proof(&kiosk, "hanako", &challenge);
    assert_eq!(present(&bench, &kiosk, &challenge, &right).await.unwrap_err(), ProblemCode::ChallengeRefused);
}

#[tokio::test]
async fn a_challenge_ends_after_a_minute() {
    let (bench, kiosk) = (Bench::new(), kiosk("0001"));
    let challenge = bench.challenge(&kiosk).await.unwrap();
    let proof = proof(&kiosk, "hanako", &challenge);
    bench.clock.advance(std::time::Duration::from_mins(1));
    assert_eq!(present(&bench, &kiosk, &challenge, &proof).await.unwrap_err(), ProblemCode::ChallengeRefused);
}

#[tokio::test]
async fn a_challenge_reflected_to_another_terminal_is_refused() {
    let (bench, here, there) = (Bench::new(), kiosk("0001"), kiosk("0002"));
    let challenge = bench.challenge(&here).await.unwrap();
    let proof_there = proof(&there, "hanako", &challenge);
    assert_eq!(present(&bench, &there, &challenge, &proof_there).await.unwrap_err(), ProblemCode::ChallengeRefused);
    let challenge = bench.challenge(&here).await.unwrap();
    let proof_there = proof(&there, "hanako", &challenge);
    let refused = present(&bench, &here, &challenge, &proof_there).await;
    assert_eq!(refused.unwrap_err(), ProblemCode::HolderSignatureInvalid);
}

#[tokio::test]
async fn a_proof_of_the_other_profile_is_refused() {
    let (bench, kiosk) = (Bench::new(), kiosk("0001"));
    let mut challenge = bench.challenge(&kiosk).await.unwrap();
    challenge["profile"] = json!("authentication-certificate");
    let other = proof(&kiosk, "hanako", &challenge);
    assert_eq!(present(&bench, &kiosk, &challenge, &other).await.unwrap_err(), ProblemCode::ChallengeRefused);
}

#[tokio::test]
async fn any_changed_byte_of_a_card_file_is_refused() {
    let (bench, kiosk) = (Bench::new(), kiosk("0001"));
    for field in
        ["number_file", "attributes_file", "signature_file", "authority_certificate", "public_key_file", "response"]
    {
        let challenge = bench.challenge(&kiosk).await.unwrap();
        let mut proof = serde_json::to_value(proof(&kiosk, "hanako", &challenge)).unwrap();
        let mut bytes: Vec<u8> =
            serde_json::from_value::<shared::hidden::Bytes>(proof[field].clone()).unwrap().as_slice().to_vec();
        let place = bytes.len() - 8;
        bytes[place] ^= 1;
        proof[field] = serde_json::to_value(shared::hidden::Bytes::from(bytes)).unwrap();
        let proof: HolderProof = serde_json::from_value(proof).unwrap();
        let code = present(&bench, &kiosk, &challenge, &proof).await.unwrap_err();
        let expected =
            if field == "response" { ProblemCode::HolderSignatureInvalid } else { ProblemCode::CardNotGenuine };
        assert_eq!(code, expected, "{field}");
    }
}

#[tokio::test]
async fn files_of_two_cards_do_not_go_together() {
    let (bench, kiosk) = (Bench::new(), kiosk("0001"));
    for field in ["number_file", "attributes_file", "public_key_file", "authentication_certificate"] {
        let challenge = bench.challenge(&kiosk).await.unwrap();
        let mut mixed = serde_json::to_value(proof(&kiosk, "hanako", &challenge)).unwrap();
        let other = serde_json::to_value(proof(&kiosk, "taro", &challenge)).unwrap();
        mixed[field] = other[field].clone();
        let mixed: HolderProof = serde_json::from_value(mixed).unwrap();
        let code = present(&bench, &kiosk, &challenge, &mixed).await.unwrap_err();
        assert_eq!(code, ProblemCode::CardNotGenuine, "{field}");
    }
}

#[tokio::test]
async fn a_missing_or_stale_revocation_list_refuses_everyone() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.crl");
    let bench = Bench::with(|config| {
        std::fs::copy(&config.trust.authentication_revocations, &list).unwrap();
        config.trust.authentication_revocations = list.clone();
    });
    bench.prove(&kiosk("0001"), "hanako").await.unwrap();
    std::fs::write(&list, b"no list").unwrap();
    assert_eq!(refused(&bench, "hanako").await, ProblemCode::RevocationUnavailable);
    std::fs::remove_file(&list).unwrap();
    assert_eq!(refused(&bench, "hanako").await, ProblemCode::RevocationUnavailable);
    std::fs::copy(crate::bench::WORLD.path().join("pki/jpki-signature.crl"), &list).unwrap();
    assert_eq!(refused(&bench, "hanako").await, ProblemCode::RevocationUnavailable, "another authority's list");
}

#[tokio::test]
async fn the_passport_number_may_be_tried_three_times() {
    let (bench, kiosk) = (Bench::new(), kiosk("0001"));
    let holder = bench.prove(&kiosk, "hanako").await.unwrap();
    let path = format!("/v1/holders/{}/passport", holder["session"].as_str().unwrap());
    let confirm = |number: &'static str| bench.call(&kiosk, "POST", &path, json!({ "number": number }));
    let first = confirm("ZZ1000002").await.unwrap_err();
    assert_eq!((first.code, first.tries_left), (ProblemCode::PassportMismatch, Some(2)));
    confirm("zz1000001").await.unwrap();
    assert_eq!(confirm("ZZ1000003").await.unwrap_err().tries_left, Some(0));
    assert_eq!(confirm("ZZ1000001").await.unwrap_err().code, ProblemCode::PassportAttemptsExceeded);
}

#[tokio::test]
async fn a_session_belongs_to_its_terminal_and_ends() {
    let (bench, here) = (Bench::new(), kiosk("0001"));
    let holder = bench.prove(&here, "hanako").await.unwrap();
    let path = format!("/v1/holders/{}/passport", holder["session"].as_str().unwrap());
    let body = json!({ "number": "ZZ1000001" });
    let elsewhere = bench.call(&kiosk("0002"), "POST", &path, body.clone()).await;
    assert_eq!(elsewhere.unwrap_err().code, ProblemCode::HolderSessionUnknown);
    bench.clock.advance(std::time::Duration::from_mins(15));
    let late = bench.call(&here, "POST", &path, body).await;
    assert_eq!(late.unwrap_err().code, ProblemCode::HolderSessionUnknown);
}

#[tokio::test]
async fn a_new_proof_ends_the_former_session_of_the_terminal() {
    let (bench, kiosk) = (Bench::new(), kiosk("0001"));
    let former = bench.prove(&kiosk, "hanako").await.unwrap();
    bench.prove(&kiosk, "taro").await.unwrap();
    let path = format!("/v1/holders/{}/passport", former["session"].as_str().unwrap());
    let refused = bench.call(&kiosk, "POST", &path, json!({ "number": "ZZ1000001" })).await;
    assert_eq!(refused.unwrap_err().code, ProblemCode::HolderSessionUnknown);
}
