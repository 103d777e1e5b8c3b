//! `GET /errors` and `GET /errors/{code}`: every stable code with its cause and what to do, in Japanese and English.

use axum::extract::Path;
use axum::response::Html;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use shared::wire::problem::ProblemCode;

use super::refusal::Answer;

mod entries;

/// The whole book.
pub(super) async fn book() -> Html<String> {
    let list = html! {
        h1 { "エラーの一覧" span lang="en" { "Error book" } }
        p { "端末やセンターが示す番号（英字）から、原因と対処を調べられます。" span lang="en" { "Find a code that a terminal or the centre shows, its cause and what to do." } }
        ul {
            @for code in ProblemCode::ALL {
                @let [japanese, english] = entries::words(code);
                li {
                    a href=(format!("/errors/{code}")) { code { (code) } }
                    p { (japanese.cause) }
                    p lang="en" { (english.cause) }
                }
            }
        }
    };
    page("エラーの一覧 Error book", &list)
}

/// One code.
pub(super) async fn entry(Path(code): Path<String>) -> Answer<Html<String>> {
    let code = ProblemCode::ALL.into_iter().find(|known| known.as_str() == code).ok_or(ProblemCode::NotFound)?;
    let [japanese, english] = entries::words(code);
    let part = |language: &str, [cause, advice]: [&str; 2], words: entries::Words| {
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
    Ok(page(code.as_str(), &body))
}

fn page(title: &str, body: &Markup) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="ja" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (body) } }
        }
    };
    Html(page.into_string())
}

const STYLE: &str = "body{margin:0;background:#f3f5f7;color:#1b2733;line-height:1.7;\
    font-family:'BIZ UDPGothic','Noto Sans JP','Noto Sans CJK JP',sans-serif;overflow-wrap:anywhere}\
    main{max-width:46rem;margin:0 auto;padding:1rem 1.2rem 3rem}\
    section,li{background:#fff;border:1px solid #c5ced6;border-radius:8px;padding:.6rem 1.2rem;margin:0 0 1rem}\
    ul{list-style:none;padding:0}h1{font-size:1.4rem}h1 span,p span{margin-left:.8rem;color:#475766;font-weight:400}\
    h2{font-size:1rem;margin:.6rem 0 .1rem}p{margin:.2rem 0 .6rem}a{color:#0b4f8a}code{font-size:1.05em}";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_codes_say_the_same_and_each_says_what_to_do() {
        let mut causes = BTreeSet::new();
        for code in ProblemCode::ALL {
            for words in entries::words(code) {
                assert!(causes.insert(words.cause), "{code} repeats {}", words.cause);
                assert!(words.advice.chars().count() >= 6, "{code}");
            }
        }
    }

    #[test]
    fn a_code_that_hides_no_record_says_so() {
        for code in [ProblemCode::Busy, ProblemCode::StoreUnavailable] {
            assert!(entries::words(code)[0].advice.contains("記録が無いという意味ではありません"));
        }
    }
}
