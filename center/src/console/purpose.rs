//! The two questions that stand before every look at a person: why, and under which case.

use maud::{Markup, html};

use super::page::{input, select};
use super::wording;

/// The fields.
pub(super) fn fields(chosen: &str, case: &str) -> Markup {
    html! {
        div .row {
            (select("reason", "閲覧・操作の理由（記録されます）", (&wording::reasons(), chosen)))
            (input("case", "受付番号（任意）", ("text", case, "英大文字・数字・ハイフン、20文字まで。氏名や個人番号は入れないでください。")))
        }
    }
}

/// The same, carried on unseen.
pub(super) fn carried(reason: &str, case: &str) -> Markup {
    html! {
        input type="hidden" name="reason" value=(reason);
        input type="hidden" name="case" value=(case);
    }
}
