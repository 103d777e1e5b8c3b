//! Bars as inline SVG, drawn with classes and attributes alone: the page's policy allows no inline style.

use maud::{Markup, html};

/// A bar.
pub(super) struct Bar {
    /// What it counts.
    pub(super) label: String,
    /// How many.
    pub(super) count: u64,
}

impl From<&(String, u64)> for Bar {
    fn from((label, count): &(String, u64)) -> Self {
        Self { label: label.clone(), count: *count }
    }
}

/// Height of a row.
const ROW: usize = 28;

/// Where bars begin.
const LEFT: usize = 180;

/// Length of the longest bar.
const LENGTH: usize = 360;

/// Bars from top to bottom; the numbers stand in the table beside it for those who do not see.
pub(super) fn bars(title: &str, bars: &[Bar]) -> Markup {
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0).max(1);
    let length = |count: u64| usize::try_from(u128::from(count) * LENGTH as u128 / u128::from(most)).unwrap_or(LENGTH);
    let (width, height) = (LEFT + LENGTH + 100, bars.len() * ROW + 8);
    html! {
        figure .chart {
            figcaption { (title) }
            svg viewBox=(format!("0 0 {width} {height}")) role="img" aria-label=(title) {
                @for (row, bar) in bars.iter().enumerate() {
                    @let top = row * ROW + 4;
                    text .label x=(LEFT - 8) y=(top + 15) text-anchor="end" { (bar.label) }
                    rect .bar x=(LEFT) y=(top) width=(length(bar.count).max(1)) height=(ROW - 8) rx="3" {}
                    text .value x=(LEFT + length(bar.count) + 8) y=(top + 15) { (grouped(bar.count)) }
                }
            }
        }
    }
}

/// A number in groups of three.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = (0..digits.len().div_ceil(3))
        .rev()
        .filter_map(|group| {
            let end = digits.len() - group * 3;
            digits.get(end.saturating_sub(3)..end)
        })
        .collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (13_972_911, "13,972,911")] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn the_longest_bar_has_the_full_length() {
        let bar = |label: &str, count| Bar { label: label.to_owned(), count };
        let drawn = bars("図", &[bar("一", 10), bar("二", 5), bar("三", 0)]).into_string();
        assert!(drawn.contains("width=\"360\"") && drawn.contains("width=\"180\"") && drawn.contains("width=\"1\""));
        assert!(!drawn.contains("style="));
    }
}
