//! Somebody at the municipal console of a running centre, without a window: cookie, form token, pages as they are sent.

use reqwest::blocking::{Client, RequestBuilder};
use reqwest::header;

use crate::program;

/// The password of every account of a world.
const PASSWORD: &str = "konbini test bench";

/// A session of an account.
#[derive(Debug, Clone)]
pub struct Clerk {
    client: Client,
    console: String,
    cookie: String,
    token: String,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub text: String,
}

impl Clerk {
    /// Logs an account in.
    #[track_caller]
    pub fn at(console: &str, account: &str) -> Self {
        let client = program::http_client().redirect(reqwest::redirect::Policy::none()).timeout(None);
        let client = client.build().expect("a client");
        let mut clerk = Self { client, console: console.to_owned(), cookie: String::new(), token: String::new() };
        let login = clerk.form("/login", &[("account", account), ("password", PASSWORD)]).send().expect("an answer");
        let cookie = login.headers().get(header::SET_COOKIE).and_then(|value| value.to_str().ok());
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()).expect("the account is let in");
        cookie.clone_into(&mut clerk.cookie);
        clerk.token = clerk.get("/password").value_of("token");
        clerk
    }

    /// Opens a page.
    #[track_caller]
    pub fn get(&self, path: &str) -> Page {
        page(self.client.get(format!("{}{path}", self.console)).header(header::COOKIE, &self.cookie))
    }

    /// Sends a form with the session's token, and reads the whole answer.
    #[track_caller]
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        page(self.form(path, fields))
    }

    /// A form with the session's token, not sent yet.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let fields = fields.iter().copied().chain([("token", self.token.as_str())]);
        let body: Vec<String> = fields.map(|(name, value)| format!("{name}={}", percent_encoded(value))).collect();
        self.client
            .post(format!("{}{path}", self.console))
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.join("&"))
    }
}

impl Page {
    /// The value of the first input of this name.
    #[track_caller]
    pub fn value_of(&self, name: &str) -> String {
        let field = format!("name=\"{name}\" value=\"");
        match self.text.split_once(&field) {
            Some((_, rest)) => rest.split('"').next().unwrap_or_default().to_owned(),
            None => panic!("no {name} on the page:\n{}", self.text),
        }
    }
}

#[track_caller]
fn page(request: RequestBuilder) -> Page {
    let response = request.send().expect("the console answers");
    Page { status: response.status().as_u16(), text: response.text().expect("a whole page") }
}

fn percent_encoded(text: &str) -> String {
    let encoded = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encoded).collect()
}
