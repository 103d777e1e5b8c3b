//! `GET /verify`: what a verifier can do with a certificate.

use axum::response::Html;

/// A static page.
pub(super) async fn verify_page() -> Html<&'static str> {
    Html(include_str!("verify.html"))
}
