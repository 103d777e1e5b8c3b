//! The outermost frame of every page that is made here: its language, its width on a telephone, its title.

use axum::response::Html;
use maud::{DOCTYPE, Markup, html};

/// A page; `style` is what stands in its head beside the title.
pub(crate) fn page(title: &str, style: &Markup, body: &Markup) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="ja" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                (style)
            }
            body { (body) }
        }
    };
    Html(page.into_string())
}
