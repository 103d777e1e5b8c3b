//! `GET /errors` and `GET /errors/{code}`: every stable code with its cause and what to do, in Japanese and English.

use axum::extract::Path;
use axum::response::Html;
use maud::{Markup, PreEscaped, html};
use shared::stable_code::{StableCode, TerminalCode};
use shared::wire::problem::ProblemCode;

use super::page::page;
use super::refusal::Answer;

mod entries;
mod terminal;

/// What is said about a code in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Words {
    /// What happened.
    cause: &'static str,
    /// What whoever reads it does next.
    advice: &'static str,
}

/// Japanese first.
const fn words(code: StableCode) -> [Words; 2] {
    let [cause, advice, english_cause, english_advice] = match code {
        StableCode::Center(code) => entries::lines(code),
        StableCode::Terminal(code) => terminal::lines(code),
    };
    [Words { cause, advice }, Words { cause: english_cause, advice: english_advice }]
}

/// The whole book.
pub(super) async fn book() -> Html<String> {
    let terminal = TerminalCode::ALL.iter().copied().map(StableCode::Terminal);
    let list = html! {
        h1 { "エラーの一覧" span lang="en" { "Error book" } }
        p { "端末やセンターが示す番号（英字）から、原因と対処を調べられます。" span lang="en" { "Find a code that a terminal or the centre shows, its cause and what to do." } }
        (chapter(["端末とアプリが見つけたこと", "Found by a terminal or the app"], terminal))
        (chapter(["センターが断ったこと", "Refused by the centre"], ProblemCode::ALL.into_iter().map(StableCode::Center)))
    };
    whole("エラーの一覧 Error book", &list)
}

fn chapter([japanese, english]: [&str; 2], codes: impl Iterator<Item = StableCode>) -> Markup {
    html! {
        h2 { (japanese) span lang="en" { (english) } }
        ul {
            @for code in codes {
                @let [japanese, english] = words(code);
                li {
                    a href=(format!("/errors/{code}")) { code { (code) } }
                    p { (japanese.cause) }
                    p lang="en" { (english.cause) }
                }
            }
        }
    }
}

/// One code.
pub(super) async fn entry(Path(code): Path<String>) -> Answer<Html<String>> {
    let code = StableCode::parse(&code).ok_or(ProblemCode::NotFound)?;
    let [japanese, english] = words(code);
    let part = |language: &str, [cause, advice]: [&str; 2], words: Words| {
        html! {
            section lang=(language) {
                h2 { (cause) } p { (words.cause) }
                h2 { (advice) } p { (words.advice) }
            }
        }
    };
    let body = html! {
        h1 { code { (code) } }
        (part("ja", ["原因", "どうすればよいか"], japanese))
        (part("en", ["Cause", "What to do"], english))
        p { a href="/errors" { "一覧へ" span lang="en" { "All codes" } } }
    };
    Ok(whole(code.as_str(), &body))
}

fn whole(title: &str, body: &Markup) -> Html<String> {
    page(title, &html! { style { (PreEscaped(STYLE)) } }, &html! { main { (body) } })
}

const STYLE: &str = "body{margin:0;background:#f3f5f7;color:#1b2733;line-height:1.7;\
    font-family:'BIZ UDPGothic','Noto Sans JP','Noto Sans CJK JP',sans-serif;overflow-wrap:anywhere}\
    main{max-width:46rem;margin:0 auto;padding:1rem 1.2rem 3rem}\
    section,li{background:#fff;border:1px solid #c5ced6;border-radius:8px;padding:.6rem 1.2rem;margin:0 0 1rem}\
    ul{list-style:none;padding:0}h1{font-size:1.4rem}h1 span,h2 span,p span{margin-left:.8rem;color:#475766;font-weight:400}\
    h2{font-size:1rem;margin:.6rem 0 .1rem}p{margin:.2rem 0 .6rem}a{color:#0b4f8a}code{font-size:1.05em}";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_codes_say_the_same_and_each_says_what_to_do() {
        let mut causes = BTreeSet::new();
        for code in StableCode::all() {
            for words in words(code) {
                assert!(causes.insert(words.cause), "{code} repeats {}", words.cause);
                assert!(words.advice.chars().count() >= 6, "{code}");
            }
            let [japanese, english] = words(code);
            assert!(!japanese.cause.is_ascii() && english.cause.is_ascii(), "{code}");
        }
    }

    #[test]
    fn a_code_that_hides_no_record_says_so() {
        let center = [ProblemCode::Busy, ProblemCode::StoreUnavailable].map(StableCode::Center);
        let terminal = [TerminalCode::CenterUnreachable, TerminalCode::CenterTimedOut].map(StableCode::Terminal);
        for code in center.into_iter().chain(terminal) {
            assert!(words(code)[0].advice.contains("記録が無いという意味ではありません"), "{code}");
        }
    }

    #[tokio::test]
    async fn every_code_has_a_page_that_the_book_leads_to() {
        let Html(book) = book().await;
        for code in StableCode::all() {
            assert!(book.contains(&format!("href=\"/errors/{code}\"")), "{code}");
            let page = entry(Path(code.to_string())).await.map(|Html(page)| page).unwrap_or_default();
            assert!(words(code).iter().all(|words| page.contains(words.advice)), "{code}");
        }
        assert!(entry(Path("no-such-code".to_owned())).await.is_err());
    }
}
