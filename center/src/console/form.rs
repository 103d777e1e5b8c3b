//! What a form sends: bounded fields, from this site, with the session's own token.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::{HeaderMap, header};
use jiff::civil::Date;
use ring::hmac;
use shared::domain::identifiers::MunicipalityCode;

use super::Console;
use super::fault::Fault;
use super::session::Visitor;
use crate::secrets::PersonKey;
use crate::store::actor::{CaseNumber, Purpose, Reason};

/// The fields of a form.
pub(super) struct Fields(Vec<(String, String)>);

/// A form that a visitor sent from one of our pages.
pub(super) struct Posted {
    pub(super) visitor: Visitor,
    pub(super) fields: Fields,
}

/// Fields of one form.
const MAXIMUM_FIELDS: usize = 200;

/// The hidden field of the session's token.
pub(super) const TOKEN_FIELD: &str = "token";

shared::hidden_debug!(Fields, Posted);

impl Fields {
    /// Reads a body; `None` where it is not a form.
    pub(super) fn parse(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let content_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        let media_type = content_type.split(';').next()?.trim();
        if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return None;
        }
        let fields: Vec<_> = form_urlencoded::parse(body).into_owned().take(MAXIMUM_FIELDS + 1).collect();
        (fields.len() <= MAXIMUM_FIELDS).then_some(Self(fields))
    }

    /// A field, without spaces around it; empty where there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// A date as browsers send it.
    pub(super) fn date(&self, name: &str) -> Option<Date> {
        self.text(name).parse().ok()
    }

    /// A person's key, hexadecimal.
    pub(super) fn person(&self) -> Result<PersonKey, Fault> {
        let text = self.text("person");
        let digits = (0..text.len())
            .step_by(2)
            .map(|at| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()));
        let bytes: Option<Vec<u8>> = digits.collect();
        bytes.and_then(|bytes| PersonKey::from_bytes(&bytes)).ok_or(Fault::Malformed)
    }

    /// The reason and the office's case.
    pub(super) fn purpose(&self) -> Result<Purpose, Fault> {
        let reason = Reason::parse(self.text("reason")).ok_or(Fault::Say("理由を選んでください。"))?;
        let case =
            match self.text("case") {
                "" => None,
                text => Some(CaseNumber::parse(text).ok_or(Fault::Say(
                    "受付番号は英大文字・数字・ハイフンで20文字までです（12桁の数字は使えません）。",
                ))?),
            };
        Ok(Purpose { reason, case })
    }

    /// A municipality.
    pub(super) fn municipality(&self, name: &str) -> Option<MunicipalityCode> {
        MunicipalityCode::parse(self.text(name)).ok().filter(|code| shared::domain::municipality::find(code).is_some())
    }
}

impl FromRequest<Arc<Console>> for Posted {
    type Rejection = Fault;

    async fn from_request(request: Request, console: &Arc<Console>) -> Result<Self, Fault> {
        let (mut parts, body) = request.into_parts();
        check_origin(&parts.headers)?;
        let visitor = Visitor::from_request_parts(&mut parts, console).await?;
        let headers = parts.headers.clone();
        let body = Bytes::from_request(Request::from_parts(parts, body), console).await;
        let fields = body.ok().and_then(|body| Fields::parse(&headers, &body)).ok_or(Fault::Malformed)?;
        check_token(&visitor, fields.text(TOKEN_FIELD))?;
        Ok(Self { visitor, fields })
    }
}

/// Refuses what another site made the browser send.
pub(super) fn check_origin(headers: &HeaderMap) -> Result<(), Fault> {
    let site = headers.get("sec-fetch-site").map(|value| value.to_str().unwrap_or_default());
    if site.is_some_and(|site| site != "same-origin") {
        return Err(Fault::ForeignForm);
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) if origin.split_once("://").map(|(_, rest)| rest) != Some(host) => {
            Err(Fault::ForeignForm)
        }
        _ => Ok(()),
    }
}

/// Refuses a form that was not made for this session.
pub(super) fn check_token(visitor: &Visitor, token: &str) -> Result<(), Fault> {
    // Both sides are digested first: the comparison's time tells nothing.
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"form token comparison");
    let tag = hmac::sign(&key, visitor.csrf.as_bytes());
    hmac::verify(&key, token.as_bytes(), tag.as_ref()).map_err(|ring::error::Unspecified| Fault::ForeignForm)
}
