//! The printed codes on a presented front: read, checked for the centre's signature, compared with the issued ones.

use shared::qr::DecodeError;
use shared::qr::health_card::HealthCard;
use shared::qr::vds_nc::{Seal, Signer};

use crate::raster::Raster;
use crate::scramble::reading::qr;

use super::alignment::Aligned;
use super::report::{self, Finding};
use super::{CodeKind, InspectionKeys, PrintedCode};

/// Reads a code where it must stand, or else anywhere on the page, and judges it.
pub(super) fn check(code: &PrintedCode, aligned: &Aligned, keys: &InspectionKeys) -> Finding {
    let of_kind = |text: &[u8]| {
        let text = std::str::from_utf8(text).ok()?;
        (kind_of(text) == Some(code.kind)).then(|| text.to_owned())
    };
    let close_up: Raster = aligned.close_up(&code.area);
    let read = qr::find(&close_up, of_kind).or_else(|| qr::find(aligned.presented(), of_kind));
    let (same, forged, other, unreadable) = match code.kind {
        CodeKind::HealthCard => (
            report::HEALTH_CARD_SAME,
            report::HEALTH_CARD_FORGED,
            report::HEALTH_CARD_OTHER,
            report::HEALTH_CARD_UNREADABLE,
        ),
        CodeKind::VdsNc => {
            (report::VDS_NC_SAME, report::VDS_NC_FORGED, report::VDS_NC_OTHER, report::VDS_NC_UNREADABLE)
        }
    };
    let Some(text) = read else { return Finding::unreadable(unreadable) };
    match verify(&text, code.kind, keys) {
        Err(_) => Finding::fails(forged),
        Ok(()) if text != code.text => Finding::fails(other),
        Ok(()) => Finding::holds(same),
    }
}

pub(super) fn kind_of(text: &str) -> Option<CodeKind> {
    if text.starts_with("shc:/") {
        Some(CodeKind::HealthCard)
    } else if text.starts_with('{') {
        Some(CodeKind::VdsNc)
    } else {
        None
    }
}

fn verify(text: &str, kind: CodeKind, keys: &InspectionKeys) -> Result<(), DecodeError> {
    match kind {
        CodeKind::HealthCard => HealthCard::verify(text, &keys.health_card).map(|_| ()),
        CodeKind::VdsNc => {
            let signers: Vec<Signer<'_>> =
                keys.barcode_signers.iter().map(|(certificate, key)| Signer { certificate, key: *key }).collect();
            Seal::verify(text, &signers).map(|_| ())
        }
    }
}
