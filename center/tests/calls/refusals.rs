//! Requests that are none, and what is public.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};
use shared::wire::MAXIMUM_REQUEST_BYTES;
use shared::wire::problem::{Problem, ProblemCode};

use crate::bench::{Bench, kiosk, read};

async fn post(bench: &Bench, content_type: Option<&str>, body: impl Into<Body>) -> Problem {
    let mut request = Request::post("/v1/challenges");
    if let Some(content_type) = content_type {
        request = request.header(header::CONTENT_TYPE, content_type);
    }
    read(bench.send(&kiosk("0001"), request.body(body.into()).unwrap()).await).await.unwrap_err()
}

#[tokio::test]
async fn a_body_that_is_not_json_of_the_right_form_is_refused_without_repeating_it() {
    let bench = Bench::new();
    for body in [
        "",
        "{",
        "[]",
        r#"{"kind":"secret-4711"}"#,
        r#"{"kind":"vaccination","secret-4711":1}"#,
        r#"{"kind":"vaccination","kind":"vaccination"}"#,
        r#"{"kind":1e999}"#,
        &"[".repeat(10_000),
    ] {
        let problem = post(&bench, Some("application/json"), body.to_owned()).await;
        assert_eq!(problem.code, ProblemCode::MalformedRequest, "{body}");
        assert!(!problem.detail.unwrap().contains("4711"));
    }
}

#[tokio::test]
async fn a_body_of_another_media_type_is_refused() {
    let bench = Bench::new();
    for content_type in [None, Some("text/plain"), Some("application/x-www-form-urlencoded")] {
        let problem = post(&bench, content_type, r#"{"kind":"vaccination"}"#).await;
        assert_eq!(problem.code, ProblemCode::UnsupportedMediaType);
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let body = format!(r#"{{"kind":"{}"}}"#, "x".repeat(MAXIMUM_REQUEST_BYTES));
    let problem = post(&Bench::new(), Some("application/json"), body).await;
    assert_eq!(problem.code, ProblemCode::RequestTooLarge);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_too() {
    let bench = Bench::new();
    let kiosk = kiosk("0001");
    let unknown = bench.call(&kiosk, "POST", "/v2/challenges", json!({})).await.unwrap_err();
    assert_eq!(unknown.code, ProblemCode::NotFound);
    let method = bench.call(&kiosk, "DELETE", "/v1/challenges", json!({})).await.unwrap_err();
    assert_eq!(method.code, ProblemCode::MethodNotAllowed);
}

#[tokio::test]
async fn a_request_without_a_tls_identity_is_refused() {
    use tower::ServiceExt as _;
    let bench = Bench::new();
    let request = Request::post("/v1/challenges").body(Body::empty()).unwrap();
    let router = center::http::kiosk_router(std::sync::Arc::clone(&bench.center));
    let refused = read(router.oneshot(request).await.unwrap()).await.unwrap_err();
    assert_eq!(refused.code, ProblemCode::TerminalUnknown);
}

#[tokio::test]
async fn every_problem_is_described_where_its_type_points() {
    let bench = Bench::new();
    for code in ProblemCode::ALL {
        let description = read(bench.public(&Problem::from(code).kind).await).await.unwrap();
        assert_eq!(description["title"], code.title());
    }
    let unknown = read(bench.public("/problems/none").await).await;
    assert_eq!(unknown.unwrap_err().code, ProblemCode::NotFound);
}

#[tokio::test]
async fn the_keys_may_be_read_from_any_page() {
    let response = Bench::new().public("/issuer/.well-known/jwks.json").await;
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert!(read(response).await.unwrap()["keys"].is_array());
}

#[tokio::test]
async fn the_description_names_every_call_and_its_problems() {
    let description = read(Bench::new().public("/openapi.json").await).await.unwrap();
    let paths: Vec<_> = description["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "/v1/app",
            "/v1/app/challenges",
            "/v1/app/holders",
            "/v1/app/issuances",
            "/v1/app/municipalities/{code}",
            "/v1/challenges",
            "/v1/holders",
            "/v1/holders/{session}/passport",
            "/v1/issuances",
            "/v1/issuances/{key}/outcome",
            "/v1/terminal",
        ]
    );
    let problem = &description["paths"]["/v1/challenges"]["post"]["responses"]["default"]["content"];
    assert!(problem["application/problem+json"]["schema"].is_object());
    let codes: &Value = &description["components"]["schemas"]["ProblemCode"]["enum"];
    assert_eq!(codes.as_array().unwrap().len(), ProblemCode::ALL.len());
}

#[tokio::test]
async fn figures_name_nobody() {
    let bench = Bench::new();
    bench.prove(&kiosk("0001"), "hanako").await.unwrap();
    let response = bench.public("/metrics").await;
    let text = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let text = std::str::from_utf8(&text).unwrap();
    assert!(text.contains(r#"center_requests_total{path="/v1/holders",outcome="ok"}"#), "{text}");
    assert!(!text.contains("0001\""), "no label names a terminal");
}

#[tokio::test]
async fn health_tells_whether_the_service_is_open() {
    let bench = Bench::new();
    assert_eq!(read(bench.public("/health").await).await.unwrap()["service"], "open");
    bench.at("2022-10-03T23:00:00+09:00");
    assert_eq!(read(bench.public("/health").await).await.unwrap()["service"], "closed");
}

#[tokio::test]
async fn the_page_for_verifiers_runs_its_own_script_alone() {
    let response = Bench::new().public("/verify").await;
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    let page = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let page = std::str::from_utf8(&page).unwrap();
    // Nothing inline, which the policy would refuse, and nothing from elsewhere.
    assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains("onclick"));
    assert!(page.matches("<script").count() == 1 && page.contains("<script src=\"/verify/page.js\" defer></script>"));
}
