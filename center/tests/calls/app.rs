//! The phone app through its real router: what opens it, what binds it, and what the terminal gets afterwards.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use center::http::{PeerAddress, PeerIdentity, app_router};
use center::signer::SigningKeys;
use jiff::civil::Date;
use serde_json::{Value, json};
use shared::domain::certificate::ProofProfile;
use shared::domain::identifiers::ChallengeId;
use shared::hidden::Bytes;
use shared::proof::{AppTranscript, Digest};
use shared::qr::health_card::HealthCard;
use shared::wire::app::AppIssuanceAnswer;
use shared::wire::problem::{Problem, ProblemCode};
use tower::ServiceExt as _;

use crate::bench::{Bench, config, key, kiosk, proof, prove, read, request, resident, zone};
use crate::browser::Browser;

/// A phone with a key of its own.
#[derive(Clone, Copy)]
struct Phone {
    identity: Digest,
    address: Ipv4Addr,
}

const PHONE: Phone = Phone { identity: [1; 32], address: Ipv4Addr::new(192, 0, 2, 1) };
const OTHER: Phone = Phone { identity: [2; 32], address: Ipv4Addr::new(192, 0, 2, 2) };

impl Phone {
    async fn send(self, bench: &Bench, mut request: Request<Body>) -> Result<Value, Problem> {
        request.extensions_mut().insert(PeerIdentity(self.identity));
        request.extensions_mut().insert(PeerAddress(IpAddr::V4(self.address)));
        read(app_router(Arc::clone(&bench.center)).oneshot(request).await.unwrap()).await
    }

    async fn get(self, bench: &Bench, path: &str) -> Result<Value, Problem> {
        self.send(bench, Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn post(self, bench: &Bench, path: &str, body: &Value) -> Result<Value, Problem> {
        self.keyed(bench, path, (&key(0), body)).await
    }

    async fn keyed(self, bench: &Bench, path: &str, (key, body): (&str, &Value)) -> Result<Value, Problem> {
        let request = Request::post(path)
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(bench, request).await
    }

    async fn challenge(self, bench: &Bench) -> Result<Value, Problem> {
        self.post(bench, "/v1/app/challenges", &json!({ "kind": "vaccination" })).await
    }

    /// The request by which a resident's card answers a challenge under this phone's key.
    fn proof(self, resident: &str, challenge: &Value) -> Value {
        let nonce: Bytes = serde_json::from_value(challenge["nonce"].clone()).unwrap();
        let id = ChallengeId::parse(challenge["challenge"].as_str().unwrap()).unwrap();
        let profile: ProofProfile = serde_json::from_value(challenge["profile"].clone()).unwrap();
        let transcript = AppTranscript { profile, challenge: &id, nonce: nonce.as_slice(), app: &self.identity };
        request(challenge, &prove(resident, profile, &transcript.digest()))
    }

    async fn holder(self, bench: &Bench, resident: &str) -> Result<Value, Problem> {
        let challenge = self.challenge(bench).await?;
        self.post(bench, "/v1/app/holders", &self.proof(resident, &challenge)).await
    }

    async fn issue(self, bench: &Bench, key: &str, body: &Value) -> Result<Value, Problem> {
        self.keyed(bench, "/v1/app/issuances", (key, body)).await
    }
}

/// What is asked for a proven holder.
fn wish(holder: &Value, zone: Option<&str>) -> Value {
    let municipality = &holder["municipalities"][0]["municipality"]["municipality"];
    let form = if zone.is_some() { "overseas" } else { "domestic" };
    let mut wish = json!({ "session": holder["session"], "municipality": municipality, "form": form });
    if let Some(zone) = zone {
        wish["zone"] = zone.into();
    }
    wish
}

fn refused<T: std::fmt::Debug>(result: Result<T, Problem>) -> ProblemCode {
    result.unwrap_err().code
}

fn birth(id: &str) -> Date {
    resident(id).0.attributes.birth_date
}

#[tokio::test]
async fn at_night_a_phone_gets_codes_that_say_what_the_certificate_says() {
    let bench = Bench::new();
    bench.at("2022-10-04T03:00:00+09:00");
    assert_eq!(refused(bench.challenge(&kiosk("0001")).await), ProblemCode::OutOfHours);
    let holder = PHONE.holder(&bench, "hanako").await.unwrap();
    let zone = zone("TK1234567", birth("hanako"));
    let answer = PHONE.issue(&bench, &key(1), &wish(&holder, Some(&zone))).await.unwrap();
    let answer: AppIssuanceAnswer = serde_json::from_value(answer).unwrap();
    let keys = SigningKeys::read(&config(bench.store.path()).signing).unwrap();
    let [card, seal] = answer.codes.as_slice() else { panic!("two codes") };
    let read = HealthCard::verify(&card.text, &[keys.health_card_key()]).unwrap();
    assert_eq!(read.immunizations.len(), answer.content.doses.len());
    assert!(seal.text.contains(answer.certificate.as_str()) && seal.text.contains("TK1234567"));
    for code in &answer.codes {
        let picture = image::load_from_memory(code.png.as_slice()).unwrap().into_luma8();
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
            picture.get_pixel(u32::try_from(x).unwrap(), u32::try_from(y).unwrap()).0[0]
        });
        let grids = prepared.detect_grids();
        assert_eq!(grids[0].decode().unwrap().1, code.text, "what a camera reads");
        assert!(code.svg.as_slice().starts_with(b"<svg "));
    }
    let file: Value = serde_json::from_slice(answer.health_card_file.as_slice()).unwrap();
    let jws = shared::qr::health_card::jws(&card.text).unwrap();
    assert_eq!(file, json!({ "verifiableCredential": [jws] }));
    bench.center.store.verify().unwrap();
}

#[tokio::test]
async fn an_issue_in_the_app_registers_the_passport_and_the_terminal_takes_it() {
    let bench = Bench::new();
    let terminal = kiosk("0001");
    let before = bench.prove(&terminal, "taro").await.unwrap();
    let overseas = crate::bench::wish(&before, "overseas");
    assert_eq!(refused(bench.issue(&terminal, &key(1), &overseas).await), ProblemCode::PassportNotRegistered);
    let holder = PHONE.holder(&bench, "taro").await.unwrap();
    let zone = zone("TK7654321", birth("taro"));
    PHONE.issue(&bench, &key(2), &wish(&holder, Some(&zone))).await.unwrap();

    let after = bench.prove(&terminal, "taro").await.unwrap();
    let session = after["session"].as_str().unwrap();
    let path = format!("/v1/holders/{session}/passport");
    bench.call(&terminal, "POST", &path, json!({ "number": "TK7654321" })).await.unwrap();
    let paper = bench.issue(&terminal, &key(3), &crate::bench::wish(&after, "overseas")).await.unwrap();
    assert_eq!(paper["content"]["passport"]["number"], "TK7654321");
}

#[tokio::test]
async fn the_apps_own_consent_opens_it_for_the_next_request_and_no_other_does() {
    let bench = Bench::new();
    let closed = ProblemCode::MunicipalityNotParticipating;
    let holder = PHONE.holder(&bench, "kai").await.unwrap();
    let offered = &holder["municipalities"][0];
    assert_eq!(offered["forms"][0]["availability"], json!({ "state": "refused", "code": closed.as_str() }));
    assert_eq!(offered["municipality"]["open"], false);
    assert_eq!(refused(PHONE.issue(&bench, &key(1), &wish(&holder, None)).await), closed);
    let supervisor = Browser::new(&bench).logged_in("supervisor-472018").await;
    supervisor.agree("kiosk-terms", "1").await;
    assert_eq!(refused(PHONE.issue(&bench, &key(2), &wish(&holder, None)).await), closed, "the terminals' terms");
    supervisor.agree("confirmation", "2").await;
    supervisor.post("/terms/suspend", &[("to", "stopped")]).await;
    PHONE.issue(&bench, &key(3), &wish(&holder, None)).await.expect("suspended at terminals is open in the app");
}

#[tokio::test]
async fn the_rules_about_persons_and_passports_hold_in_the_app() {
    let bench = Bench::new();
    for (who, code) in [
        ("jiro", ProblemCode::NoRecord),
        ("umi", ProblemCode::PersonProtected),
        ("mori", ProblemCode::RecordHeld),
        ("ken", ProblemCode::CertificateRevoked),
        ("eve", ProblemCode::CardNotGenuine),
    ] {
        assert_eq!(refused(PHONE.holder(&bench, who).await), code, "{who}");
    }
    let holder = PHONE.holder(&bench, "hanako").await.unwrap();
    let born = birth("hanako");
    let good = zone("TK1234567", born);
    let expired = fixtures::passport_zone::FictitiousPassport {
        surname: "TEST",
        given: "BENCH",
        number: "TK1234567",
        birth_date: born,
        expires: jiff::civil::date(2022, 10, 2),
    };
    let another = zone("TK1234567", born.tomorrow().unwrap());
    let mistyped = good.replace("TK1234567", "TK1234568");
    let cases = [
        (wish(&holder, Some(&mistyped)), ProblemCode::PassportUnreadable),
        (wish(&holder, Some("P<JPN")), ProblemCode::PassportUnreadable),
        (wish(&holder, Some(&another)), ProblemCode::PassportOfAnotherPerson),
        (wish(&holder, Some(&expired.zone())), ProblemCode::PassportExpired),
    ];
    for (number, (wish, code)) in (1..).zip(cases) {
        assert_eq!(refused(PHONE.issue(&bench, &key(number), &wish).await), code);
    }
    let mut without = wish(&holder, Some(&good));
    without.as_object_mut().unwrap().remove("zone");
    assert_eq!(refused(PHONE.issue(&bench, &key(9), &without).await), ProblemCode::PassportNotConfirmed);
    let mut needless = wish(&holder, Some(&good));
    needless["form"] = "domestic".into();
    assert_eq!(refused(PHONE.issue(&bench, &key(9), &needless).await), ProblemCode::MalformedRequest);
    let mut elsewhere = wish(&holder, None);
    elsewhere["municipality"] = "472018".into();
    assert_eq!(refused(PHONE.issue(&bench, &key(9), &elsewhere).await), ProblemCode::MunicipalityWithoutRecord);
}

#[tokio::test]
async fn a_proof_is_worth_nothing_under_another_key_nor_at_another_kind_of_place() {
    let bench = Bench::new();
    let challenge = PHONE.challenge(&bench).await.unwrap();
    let stolen = OTHER.post(&bench, "/v1/app/holders", &PHONE.proof("hanako", &challenge)).await;
    assert_eq!(refused(stolen), ProblemCode::ChallengeRefused);
    // A relay in between that has the card sign for itself.
    let challenge = PHONE.challenge(&bench).await.unwrap();
    let relayed = PHONE.post(&bench, "/v1/app/holders", &OTHER.proof("hanako", &challenge)).await;
    assert_eq!(refused(relayed), ProblemCode::HolderSignatureInvalid);
    let terminal = crate::bench::Kiosk { identity: PHONE.identity, ..kiosk("0001") };
    let challenge = PHONE.challenge(&bench).await.unwrap();
    let at_terminal = request(&challenge, &proof(&terminal, "hanako", &challenge));
    let at_terminal = PHONE.post(&bench, "/v1/app/holders", &at_terminal).await;
    assert_eq!(refused(at_terminal), ProblemCode::HolderSignatureInvalid);
    let challenge = PHONE.challenge(&bench).await.unwrap();
    let from_phone = bench.call(&kiosk("0001"), "POST", "/v1/holders", PHONE.proof("hanako", &challenge)).await;
    assert_eq!(refused(from_phone), ProblemCode::ChallengeRefused);

    let challenge = PHONE.challenge(&bench).await.unwrap();
    let proof = PHONE.proof("hanako", &challenge);
    let holder = PHONE.post(&bench, "/v1/app/holders", &proof).await.unwrap();
    assert_eq!(refused(PHONE.post(&bench, "/v1/app/holders", &proof).await), ProblemCode::ChallengeRefused);
    let other = OTHER.issue(&bench, &key(1), &wish(&holder, None)).await;
    assert_eq!(refused(other), ProblemCode::HolderSessionUnknown);
    let late = PHONE.challenge(&bench).await.unwrap();
    bench.clock.advance(std::time::Duration::from_mins(1));
    let late = PHONE.post(&bench, "/v1/app/holders", &PHONE.proof("hanako", &late)).await;
    assert_eq!(refused(late), ProblemCode::ChallengeRefused);
}

#[tokio::test]
async fn one_key_makes_one_certificate() {
    let bench = Bench::new();
    let holder = PHONE.holder(&bench, "hanako").await.unwrap();
    let body = wish(&holder, None);
    let first = PHONE.issue(&bench, &key(1), &body).await.unwrap();
    assert_eq!(PHONE.issue(&bench, &key(1), &body).await.unwrap(), first, "the same bytes");
    let zone = zone("TK1234567", birth("hanako"));
    let other = PHONE.issue(&bench, &key(1), &wish(&holder, Some(&zone))).await;
    assert_eq!(refused(other), ProblemCode::IdempotencyKeyReused);
    let theirs = OTHER.holder(&bench, "hanako").await.unwrap();
    let theirs = OTHER.issue(&bench, &key(1), &wish(&theirs, None)).await.unwrap();
    assert_ne!(theirs["certificate"], first["certificate"], "another app's key is another key");
    let bench = bench.restart();
    assert_eq!(PHONE.issue(&bench, &key(1), &body).await.unwrap(), first, "after a restart, without a session");
}

#[tokio::test]
async fn nobody_collects_certificates_without_end() {
    let bench = Bench::new();
    let holder = PHONE.holder(&bench, "hanako").await.unwrap();
    for number in 1..=20 {
        PHONE.issue(&bench, &key(number), &wish(&holder, None)).await.unwrap();
    }
    assert_eq!(refused(PHONE.issue(&bench, &key(21), &wish(&holder, None)).await), ProblemCode::RateLimited);
    bench.clock.advance(std::time::Duration::from_hours(24));
    let holder = PHONE.holder(&bench, "hanako").await.unwrap();
    PHONE.issue(&bench, &key(22), &wish(&holder, None)).await.expect("a day later");
}

#[tokio::test]
async fn the_operators_switch_stops_the_app_and_a_crowd_of_apps_stops_no_terminal() {
    let bench = Bench::new();
    let holder = PHONE.holder(&bench, "hanako").await.unwrap();
    let switch = |to| bench.center.store.switch(to, "drill", bench.center.clock.now()).unwrap();
    switch(center::store::SwitchPosition::Stopped);
    assert_eq!(PHONE.get(&bench, "/v1/app").await.unwrap()["service"], "stopped");
    assert_eq!(refused(PHONE.challenge(&bench).await), ProblemCode::ServiceStopped);
    assert_eq!(refused(PHONE.issue(&bench, &key(1), &wish(&holder, None)).await), ProblemCode::ServiceStopped);
    switch(center::store::SwitchPosition::Running);
    let limit = bench.center.limits.app_requests.available_permits();
    let _crowd = bench.center.limits.app_requests.try_acquire_many(u32::try_from(limit).unwrap()).unwrap();
    assert_eq!(refused(PHONE.challenge(&bench).await), ProblemCode::Busy);
    bench.challenge(&kiosk("0001")).await.expect("terminals have places of their own");
}

#[tokio::test]
async fn an_address_that_calls_too_often_waits_whatever_keys_it_makes() {
    let bench = Bench::with(|config| config.limits.requests_per_minute = 4.try_into().unwrap());
    PHONE.challenge(&bench).await.unwrap();
    let again = Phone { identity: [9; 32], ..PHONE };
    assert_eq!(refused(again.challenge(&bench).await), ProblemCode::RateLimited);
    OTHER.challenge(&bench).await.unwrap();
}

#[tokio::test]
async fn the_app_shows_versions_and_whom_to_ask() {
    let bench = Bench::new();
    let shown = PHONE.get(&bench, "/v1/app").await.unwrap();
    assert_eq!((&shown["protocol"], &shown["service"]), (&json!(1), &json!("open")));
    assert_eq!(shown["build"], env!("CARGO_PKG_VERSION"));
    let path = "/v1/app/municipalities/131016";
    assert_eq!(PHONE.get(&bench, path).await.unwrap()["contact"], Value::Null);
    let supervisor = Browser::new(&bench).logged_in("supervisor-131016").await;
    let profile = [("contact", "健康課 03-0000-0000"), ("subjects", "900"), ("handlers", "3"), ("assessment", "none")];
    supervisor.post("/terms/profile", &profile).await;
    let municipality = PHONE.get(&bench, path).await.unwrap();
    assert_eq!((&municipality["contact"], &municipality["open"]), (&json!("健康課 03-0000-0000"), &json!(true)));
    let holder = PHONE.holder(&bench, "hanako").await.unwrap();
    assert_eq!(holder["municipalities"][0]["municipality"]["contact"], "健康課 03-0000-0000");
    assert_eq!(refused(PHONE.get(&bench, "/v1/app/municipalities/000000").await), ProblemCode::NotFound);
}

#[tokio::test]
async fn a_persons_page_tells_the_certificates_of_every_channel() {
    let bench = Bench::new();
    let terminal = kiosk("0001");
    let holder = bench.prove(&terminal, "hanako").await.unwrap();
    bench.issue(&terminal, &key(1), &crate::bench::wish(&holder, "domestic")).await.unwrap();
    bench.tell(&terminal, &key(1), "refunded").await.unwrap();
    let holder = PHONE.holder(&bench, "hanako").await.unwrap();
    let by_app = PHONE.issue(&bench, &key(2), &wish(&holder, None)).await.unwrap();
    let by_app: AppIssuanceAnswer = serde_json::from_value(by_app).unwrap();
    let (_, number) = resident("hanako");
    let clerk = Browser::new(&bench).logged_in("clerk-131016").await;
    let person = clerk.find(&number).await;
    let seen = [("person", person.as_str()), ("reason", "application")];
    let form_key = key(3);
    let issue = [&seen[..], &[("form", "domestic"), ("copies", "2"), ("key", form_key.as_str())]].concat();
    assert_eq!(clerk.post("/certificate/issue", &issue).await.status, axum::http::StatusCode::OK);
    let page = clerk.post("/records/person", &seen).await.text;
    let table = page.split_once("この市区町村の記録からの発行").unwrap().1.split_once("</table>").unwrap().0;
    let rows: Vec<&str> = table.split("<tr>").filter(|row| row.contains("<td")).collect();
    assert_eq!(rows.len(), 3, "{table}");
    let row = |channel: &str| *rows.iter().find(|row| row.contains(channel)).unwrap();
    assert!(row("端末").contains("取消・返金済み"), "{table}");
    assert!(row("窓口").contains(">2</td>") && row("窓口").contains("有効"), "{table}");
    assert!(row("アプリ").contains(by_app.content.certificate.as_str()), "{table}");
    let elsewhere = clerk.beside().logged_in("clerk-472018").await;
    let hidden = elsewhere.post("/records/person", &seen).await;
    assert_eq!(hidden.status, axum::http::StatusCode::NOT_FOUND);
}
