//! Why a page is not shown, said so that a clerk knows what to do next.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::page;
use crate::counter::CounterError;
use crate::issuance::ProductionError;
use crate::store::StoreError;
use crate::store::actor::AccessError;

/// Why a page is not shown.
#[derive(Debug)]
pub(super) enum Fault {
    /// Nobody is logged in, or the session ended.
    LogInFirst,
    /// The initial password must be replaced first.
    PasswordFirst,
    /// The form was not sent from one of our pages, or for another session.
    ForeignForm,
    /// The form cannot be read.
    Malformed,
    /// Something in the form is wrong, in the page's own words.
    Say(&'static str),
    /// The store did not allow or find it.
    Access(AccessError),
    /// No certificate was issued.
    Counter(CounterError),
    /// Too many passwords are being checked at once.
    Busy,
    /// There is no such page.
    NotFound,
    /// A fault of ours.
    Internal,
}

impl From<AccessError> for Fault {
    fn from(error: AccessError) -> Self {
        Self::Access(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

impl From<CounterError> for Fault {
    fn from(error: CounterError) -> Self {
        match error {
            CounterError::Access(error) => Self::Access(error),
            other => Self::Counter(other),
        }
    }
}

/// What is said: status, heading, what to do.
struct Saying {
    status: StatusCode,
    heading: &'static str,
    advice: String,
}

const fn saying(status: StatusCode, heading: &'static str, advice: String) -> Saying {
    Saying { status, heading, advice }
}

impl Fault {
    fn saying(&self) -> Saying {
        let say = |status, heading, advice: &str| saying(status, heading, advice.to_owned());
        match self {
            Self::LogInFirst | Self::PasswordFirst => say(StatusCode::SEE_OTHER, "", ""),
            Self::ForeignForm => say(
                StatusCode::FORBIDDEN,
                "この操作は受け付けられませんでした",
                "画面が古くなっています。元の画面を開き直して、もう一度操作してください。",
            ),
            Self::Malformed => {
                say(StatusCode::BAD_REQUEST, "送信内容を読み取れませんでした", "元の画面からやり直してください。")
            }
            Self::Say(advice) => say(StatusCode::UNPROCESSABLE_ENTITY, "入力内容を確認してください", advice),
            Self::Access(error) => access(error),
            Self::Counter(error) => counter(error),
            Self::Busy => {
                say(StatusCode::SERVICE_UNAVAILABLE, "混み合っています", "少し待ってから、もう一度お試しください。")
            }
            Self::NotFound => say(StatusCode::NOT_FOUND, "ページが見つかりません", "メニューから選び直してください。"),
            Self::Internal => say(
                StatusCode::INTERNAL_SERVER_ERROR,
                "システムでエラーが発生しました",
                "時間をおいてお試しください。続くときは運用担当へ連絡してください。",
            ),
        }
    }
}

fn access(error: &AccessError) -> Saying {
    let say = |status, heading, advice: &str| saying(status, heading, advice.to_owned());
    match error {
        AccessError::Forbidden => say(
            StatusCode::FORBIDDEN,
            "この操作をする権限がありません",
            "必要なときは、所属の責任者に依頼してください。",
        ),
        AccessError::Missing => {
            say(StatusCode::NOT_FOUND, "対象が見つかりません", "入力内容を確かめて、検索からやり直してください。")
        }
        AccessError::Stale { by, at } => {
            let when = shared::clock::japan(*at).strftime("%Y年%-m月%-d日 %H:%M");
            let advice = format!(
                "表示した後に、{by} が {when} にこの記録を変更しました。最新の内容を開き直して、もう一度補正してください。\
                 今回の入力は反映していません。"
            );
            saying(StatusCode::CONFLICT, "ほかの人が先に変更しました", advice)
        }
        AccessError::Invalid(rule) => saying(
            StatusCode::UNPROCESSABLE_ENTITY,
            "入力内容を確認してください",
            super::wording::rule(rule).to_owned(),
        ),
        AccessError::ConsentRequired => {
            say(StatusCode::FORBIDDEN, "本人の同意が必要です", "同意を確認し、チェックを入れてから照会してください。")
        }
        AccessError::NotApproved => {
            say(StatusCode::FORBIDDEN, "承認が必要です", "責任者の承認を受けてから、24時間以内に実行してください。")
        }
        AccessError::OwnRequest => {
            say(StatusCode::FORBIDDEN, "自分の申請は承認できません", "ほかの責任者に承認を依頼してください。")
        }
        AccessError::Store(error) => {
            tracing::error!(error = error as &dyn std::error::Error, "the store refused a page");
            say(
                StatusCode::SERVICE_UNAVAILABLE,
                "ただいま記録を読み書きできません",
                "記録が無いという意味ではありません。少し待ってから、もう一度お試しください。",
            )
        }
    }
}

fn counter(error: &CounterError) -> Saying {
    let heading = "証明書を発行できません";
    match error {
        CounterError::Refused(code) => {
            let advice = super::wording::refusal(*code).to_owned();
            saying(StatusCode::UNPROCESSABLE_ENTITY, heading, advice)
        }
        CounterError::Production(ProductionError::Review(_) | ProductionError::Workshop(_)) => {
            tracing::error!(error = error as &dyn std::error::Error, "a certificate was not made at a counter");
            let advice = "印字できない文字が含まれるか、記録が照合に合いません。記録を確認してください。";
            saying(StatusCode::UNPROCESSABLE_ENTITY, heading, advice.to_owned())
        }
        CounterError::Access(_) | CounterError::Production(ProductionError::Crossed) => {
            tracing::error!(error = error as &dyn std::error::Error, "a counter issue was given up");
            saying(StatusCode::INTERNAL_SERVER_ERROR, heading, "運用担当へ連絡してください。".to_owned())
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        match self {
            Self::LogInFirst => return Redirect::to("/login").into_response(),
            Self::PasswordFirst => return Redirect::to("/password").into_response(),
            _ => {}
        }
        let Saying { status, heading, advice } = self.saying();
        let body = html! {
            h1 { (heading) }
            p role="alert" { (advice) }
            p { a href="/" { "最初の画面へ" } }
        };
        let mut response = (status, page::bare(heading, &body)).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
        }
        response
    }
}

/// No such page.
pub(super) async fn not_found() -> Fault {
    Fault::NotFound
}
