//! Somebody at the console, without a window: cookies, forms with their token, pages as text.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use center::console::{Console, router};
use tower::ServiceExt as _;

use crate::bench::Bench;

pub(crate) const PASSWORD: &str = "konbini test bench";

/// Somebody at the console.
pub(crate) struct Browser {
    pub(crate) app: axum::Router,
    pub(crate) cookie: String,
}

/// An answer as a browser sees it.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) location: String,
    pub(crate) cookie: String,
    pub(crate) text: String,
}

impl Browser {
    pub(crate) fn new(bench: &Bench) -> Self {
        Self { app: router(Arc::new(Console::new(Arc::clone(&bench.center)))), cookie: String::new() }
    }

    /// Another browser of the same console.
    pub(crate) fn beside(&self) -> Self {
        Self { app: self.app.clone(), cookie: String::new() }
    }

    pub(crate) async fn logged_in(mut self, account: &str) -> Self {
        let page = self.log_in(account, PASSWORD).await;
        assert_eq!((page.status, page.location.as_str()), (StatusCode::SEE_OTHER, "/"));
        self
    }

    pub(crate) async fn log_in(&mut self, account: &str, password: &str) -> Page {
        let page = self.send(form("/login", &[("account", account), ("password", password)])).await;
        if !page.cookie.is_empty() {
            self.cookie.clone_from(&page.cookie);
        }
        page
    }

    pub(crate) async fn send(&self, mut request: Request<Body>) -> Page {
        if !self.cookie.is_empty() {
            request.headers_mut().insert(header::COOKIE, self.cookie.parse().unwrap());
        }
        read(self.app.clone().oneshot(request).await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// A file's bytes.
    pub(crate) async fn file(&self, path: &str) -> Vec<u8> {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty()).unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
    }

    /// Sends a form with this session's token, as our own pages do.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.token().await;
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("token", token.as_str())]).collect();
        self.send(form(path, &fields)).await
    }

    pub(crate) async fn token(&self) -> String {
        value_of(&self.get("/password").await.text, "token")
    }

    pub(crate) async fn agree(&self, document: &str, version: &str) -> Page {
        self.post("/terms/agree", &[("document", document), ("version", version)]).await
    }

    /// Finds a resident of the world and gives the key that forms carry.
    pub(crate) async fn find(&self, number: &str) -> String {
        let fields = [("my_number", number), ("reason", "application")];
        let page = self.post("/records/find", &fields).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        value_of(&page.text, "person")
    }
}

pub(crate) fn form(path: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap()
}

pub(crate) async fn read(response: Response) -> Page {
    let status = response.status();
    let text = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    let (location, cookie) = (text(header::LOCATION), text(header::SET_COOKIE));
    let policy = text(header::CONTENT_SECURITY_POLICY);
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Page { status, location, cookie, text: String::from_utf8_lossy(&body).into_owned() }
}

/// The value of the first input of this name.
pub(crate) fn value_of(page: &str, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    assert!(page.contains(&field), "no {name}: {page}");
    let (_, rest) = page.split_once(&field).unwrap();
    rest.split('"').next().unwrap().to_owned()
}
