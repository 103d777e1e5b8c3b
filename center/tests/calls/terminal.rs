//! A terminal introduces itself.

use serde_json::{Value, json};
use shared::wire::problem::ProblemCode;

use crate::bench::{Bench, kiosk};

fn introduction() -> Value {
    json!({ "protocol": 1, "build": "0.1.0", "time": "2022-10-03T12:00:20+09:00" })
}

async fn introduce(bench: &Bench, change: impl FnOnce(&mut Value)) -> Result<Value, ProblemCode> {
    let mut body = introduction();
    change(&mut body);
    bench.call(&kiosk("0001"), "POST", "/v1/terminal", body).await.map_err(|problem| problem.code)
}

#[tokio::test]
async fn a_terminal_learns_what_it_may_do() {
    let answer = introduce(&Bench::new(), |_| {}).await.unwrap();
    assert_eq!(answer["terminal"], "0001");
    assert_eq!(answer["service"], json!({ "state": "open", "until": "2022-10-03T14:00:00Z" }));
    assert_eq!(answer["certificates"], json!([{ "kind": "vaccination", "profile": "input-support" }]));
    assert_eq!(answer["fee_per_copy"], 120);
}

#[tokio::test]
async fn an_old_program_is_refused_and_gets_nothing_until_it_is_renewed() {
    let bench = Bench::new();
    for (field, value) in [("build", json!("0.0.9")), ("build", json!("new")), ("protocol", json!(2))] {
        let refused = introduce(&bench, |body| body[field] = value).await;
        assert_eq!(refused.unwrap_err(), ProblemCode::TerminalOutdated);
    }
    let challenge = bench.challenge(&kiosk("0001")).await;
    assert_eq!(challenge.unwrap_err().code, ProblemCode::TerminalOutdated);
    introduce(&bench, |_| {}).await.unwrap();
    bench.challenge(&kiosk("0001")).await.unwrap();
}

#[tokio::test]
async fn a_clock_more_than_thirty_seconds_off_is_refused() {
    let bench = Bench::new();
    let at = |time: &'static str| introduce(&bench, move |body| body["time"] = json!(time));
    assert!(at("2022-10-03T12:00:30+09:00").await.is_ok());
    assert_eq!(at("2022-10-03T12:00:31+09:00").await.unwrap_err(), ProblemCode::ClockSkew);
    assert_eq!(at("2022-10-03T11:59:29+09:00").await.unwrap_err(), ProblemCode::ClockSkew);
}

#[tokio::test]
async fn the_service_is_closed_at_night_and_nothing_is_begun() {
    let bench = Bench::new();
    bench.at("2022-10-03T23:00:00+09:00");
    let answer = introduce(&bench, |body| body["time"] = json!("2022-10-03T23:00:00+09:00")).await.unwrap();
    assert_eq!(answer["service"], json!({ "state": "closed", "opens": "2022-10-03T21:30:00Z" }));
    assert_eq!(bench.challenge(&kiosk("0001")).await.unwrap_err().code, ProblemCode::OutOfHours);
}

#[tokio::test]
async fn the_operators_switch_holds_for_the_next_request() {
    let bench = Bench::new();
    let switch = |to| bench.center.store.switch(to, "drill", bench.center.clock.now()).unwrap();
    switch(center::store::SwitchPosition::Stopped);
    assert_eq!(introduce(&bench, |_| {}).await.unwrap()["service"], json!({ "state": "stopped" }));
    assert_eq!(bench.challenge(&kiosk("0001")).await.unwrap_err().code, ProblemCode::ServiceStopped);
    switch(center::store::SwitchPosition::Running);
    bench.challenge(&kiosk("0001")).await.unwrap();
}

#[tokio::test]
async fn nothing_is_begun_while_the_clock_stands_before_the_last_audit_entry() {
    let bench = Bench::new();
    bench.at("2022-10-03T11:59:56+09:00");
    bench.challenge(&kiosk("0001")).await.unwrap();
    bench.at("2022-10-03T11:59:00+09:00");
    assert_eq!(bench.challenge(&kiosk("0001")).await.unwrap_err().code, ProblemCode::ServiceStopped);
}

#[tokio::test]
async fn a_certificate_that_no_terminal_has_is_refused() {
    let bench = Bench::new();
    for unknown in [kiosk("9002"), crate::bench::Kiosk { identity: [7; 32], ..kiosk("0001") }] {
        assert_eq!(bench.challenge(&unknown).await.unwrap_err().code, ProblemCode::TerminalUnknown);
    }
}

#[tokio::test]
async fn a_chain_that_does_not_take_part_is_refused() {
    let refused = Bench::new().challenge(&kiosk("9001")).await;
    assert_eq!(refused.unwrap_err().code, ProblemCode::ChainNotParticipating);
}

#[tokio::test]
async fn a_terminal_that_calls_too_often_is_told_when_to_come_back() {
    let bench = Bench::with(|config| config.limits.requests_per_minute = 4.try_into().unwrap());
    bench.challenge(&kiosk("0001")).await.unwrap();
    let refused = bench.challenge(&kiosk("0001")).await.unwrap_err();
    assert_eq!(refused.code, ProblemCode::RateLimited);
    assert!(refused.retry_after_seconds.is_some());
    bench.challenge(&kiosk("0002")).await.unwrap();
}

#[tokio::test]
async fn a_crowded_centre_says_so_before_anything_else() {
    let bench = Bench::with(|config| config.limits.concurrent_requests = 1);
    let _held = bench.center.limits.requests.try_acquire().unwrap();
    let refused = bench.challenge(&kiosk("0001")).await.unwrap_err();
    assert_eq!(refused.code, ProblemCode::Busy);
    assert!(refused.retry_after_seconds.is_some());
}
