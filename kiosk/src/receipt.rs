//! The receipt: amounts, time and numbers, nothing of the person.

use printpdf::{BuiltinFont, Mm, Op, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Point, Pt, TextItem};
use shared::clock::japan;

use crate::session::effect::Receipt;

/// Width of receipt paper.
const WIDTH: f32 = 80.0;
/// Height of the slip.
const HEIGHT: f32 = 100.0;
/// From line to line.
const LEADING: f32 = 7.0;

/// Draws the receipt as a one-page PDF.
pub fn draw(receipt: &Receipt) -> Vec<u8> {
    let mut operations = Vec::new();
    for (number, (size, line)) in lines(receipt).into_iter().enumerate() {
        let from_top = LEADING.mul_add(number as f32, 12.0);
        // A section a line: within one, the cursor moves relative to where it stood.
        operations.extend([
            Op::StartTextSection,
            Op::SetTextCursor { pos: Point::new(Mm(6.0), Mm(HEIGHT - from_top)) },
            Op::SetFont { font: PdfFontHandle::Builtin(BuiltinFont::Helvetica), size: Pt(size) },
            Op::ShowText { items: vec![TextItem::Text(line)] },
            Op::EndTextSection,
        ]);
    }
    let mut document = PdfDocument::new("Receipt");
    document.with_pages(vec![PdfPage::new(Mm(WIDTH), Mm(HEIGHT), operations)]);
    document.save(&PdfSaveOptions::default(), &mut Vec::new())
}

fn lines(receipt: &Receipt) -> Vec<(f32, String)> {
    let time = japan(receipt.at).strftime("%Y-%m-%d %H:%M").to_string();
    vec![
        (14.0, "RECEIPT".to_owned()),
        (10.0, "Certificate issue".to_owned()),
        (9.0, format!("Time {time} JST")),
        (9.0, format!("Terminal {}", receipt.terminal)),
        (10.0, format!("Copies {}", receipt.copies)),
        (12.0, format!("Total JPY {} (tax included)", receipt.fee.0)),
        (10.0, format!("Paid JPY {}", receipt.inserted.0)),
        (10.0, format!("Change JPY {}", receipt.change.0)),
        (7.0, format!("Transaction {}", receipt.transaction)),
        (7.0, format!("Issuance {}", receipt.issuance)),
        (8.0, "No refund after issue, except for misprints.".to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use shared::domain::fee::Yen;
    use shared::domain::identifiers::{IssuanceId, TerminalId, TransactionId};

    use super::*;

    #[test]
    fn a_receipt_says_what_was_paid_and_when_in_japan() {
        let receipt = Receipt {
            terminal: TerminalId::parse("0001").unwrap(),
            transaction: TransactionId::from_random([1; 16]),
            issuance: IssuanceId::from_random([2; 16]),
            at: "2022-10-03T01:05:00Z".parse().unwrap(),
            copies: 2,
            fee: Yen(240),
            inserted: Yen(500),
            change: Yen(260),
        };
        let text: Vec<String> = lines(&receipt).into_iter().map(|(_, line)| line).collect();
        for expected in ["Time 2022-10-03 10:05 JST", "Total JPY 240 (tax included)", "Change JPY 260", "Copies 2"] {
            assert!(text.iter().any(|line| line == expected), "{expected}");
        }
        assert!(draw(&receipt).starts_with(b"%PDF-"));
    }
}
