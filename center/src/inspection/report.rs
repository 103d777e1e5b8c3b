//! What an inspection says: verdict, each feature in words for a clerk, and where the front differs.

use jiff::civil::Date;
use serde::Serialize;
use shared::domain::identifiers::CertificateId;

mod words;

pub(super) use words::*;

/// The whole answer; serialised, it is the JSON of `center verify`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The verdict.
    pub verdict: Verdict,
    /// The certificate the back names, if one could be read.
    pub certificate: Option<CertificateId>,
    /// What each feature showed.
    pub features: Features,
    /// When the certificate was issued, revoked and printed again, by the records; `None` if they do not know it or were
    /// not asked.
    pub days: Option<Days>,
    /// Where the presented front differs from the issued one.
    pub differences: Vec<Difference>,
    /// The score of the originality patch: high for an original, low for a copy; `None` if it could not be measured.
    pub originality: Option<f64>,
    /// Light of the word 複写 over that of the ground around it, less one, on the presented front, or on the back if that
    /// is all there is: far below zero on a copy. `None` if it could not be measured.
    pub copy_word: Option<f64>,
    /// Places on the presented front that were taken for dirt or wear: they make no other letter.
    pub dirt: Vec<Area>,
    /// How far the worst place of the presented front is from what was issued, as a multiple of what makes a difference:
    /// ink out of range, or pixels that speak for another letter. `None` if no front was compared.
    pub deviation: Option<f64>,
}

/// Days of a certificate, in Japan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Days {
    /// Issued.
    pub issued: Date,
    /// Revoked, if it was.
    pub revoked: Option<Date>,
    /// Printed again at a counter, the last time, if it was. It is the same certificate with the same number.
    pub reissued: Option<Date>,
}

/// What follows from everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Says what was issued, and is in force.
    Genuine,
    /// Says something else than was issued, or was not made by the centre.
    Altered,
    /// Cannot be read well enough.
    Unreadable,
    /// Not known here.
    Unknown,
    /// Was issued and revoked.
    Revoked,
}

impl Verdict {
    /// For people, Japanese.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Genuine => "真正",
            Self::Altered => "改ざん",
            Self::Unreadable => "読取不可",
            Self::Unknown => "不明",
            Self::Revoked => "失効",
        }
    }

    /// For people, English.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Genuine => "genuine",
            Self::Altered => "altered",
            Self::Unreadable => "unreadable",
            Self::Unknown => "unknown",
            Self::Revoked => "revoked",
        }
    }

    /// The exit status of `center verify`.
    pub const fn exit_status(self) -> u8 {
        match self {
            Self::Genuine => 0,
            Self::Altered | Self::Revoked => 20,
            Self::Unreadable | Self::Unknown => 21,
        }
    }
}

/// What each feature of the paper showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Features {
    /// The scramble picture on the back was decoded.
    pub back: Finding,
    /// Its content was made and signed by the centre.
    pub content: Finding,
    /// The presented front is the one inside.
    pub front: Finding,
    /// The SMART Health Card on the front.
    pub health_card: Finding,
    /// The VDS-NC on the front.
    pub vds_nc: Finding,
    /// The paper is an original.
    pub originality: Finding,
    /// The word 複写 does not show in the ground.
    pub copy_word: Finding,
    /// The certificate was issued and is in force.
    pub status: Finding,
}

/// What one feature showed, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The outcome.
    pub state: FindingState,
    /// The same for people.
    #[serde(flatten)]
    pub words: Words,
}

/// The outcome of looking at one feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingState {
    /// As it must be.
    Holds,
    /// Not as it must be.
    Fails,
    /// There, but it cannot be read.
    Unreadable,
    /// Not looked at: not presented, or not on this form.
    NotChecked,
}

/// A sentence in the two languages of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Words {
    /// Japanese.
    pub japanese: &'static str,
    /// English.
    pub english: &'static str,
}

/// A rectangle on the page in millimetres from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Area {
    /// From the left edge.
    pub left_mm: f64,
    /// From the upper edge.
    pub top_mm: f64,
    /// Width.
    pub width_mm: f64,
    /// Height.
    pub height_mm: f64,
}

/// One place where the presented front differs.
#[derive(Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Where.
    #[serde(flatten)]
    pub area: Area,
    /// What stood there when it was issued; `None` where nothing did.
    pub issued: Option<String>,
    /// Ink out of range there, or pixels that speak for another letter, as a multiple of what makes a difference.
    pub deviation: f64,
}

// What was issued there may be a name.
shared::hidden_debug!(Difference);

impl Report {
    pub(super) const fn new(verdict: Verdict, certificate: Option<CertificateId>, features: Features) -> Self {
        Self {
            verdict,
            certificate,
            features,
            days: None,
            differences: Vec::new(),
            originality: None,
            copy_word: None,
            dirt: Vec::new(),
            deviation: None,
        }
    }

    /// The report in sentences, the verdict first.
    pub fn lines(&self) -> Vec<String> {
        let Features { back, content, front, health_card, vds_nc, originality, copy_word, status } = &self.features;
        let certificate = self.certificate.as_ref().map_or("—", CertificateId::as_str);
        let mut lines = vec![format!("{} / {}  {certificate}", self.verdict.japanese(), self.verdict.english())];
        let findings = [back, content, front, health_card, vds_nc, originality, copy_word, status];
        lines.extend(findings.map(|finding| format!("{} / {}", finding.words.japanese, finding.words.english)));
        lines.extend(self.days.iter().flat_map(Days::lines));
        lines.extend(self.differences.iter().map(|Difference { area, issued, deviation: _ }| {
            let issued = issued.as_deref().unwrap_or("（余白 / blank）");
            format!(
                "左から{:.0} mm、上から{:.0} mm（{:.0}×{:.0} mm）: 発行時 / issued: {issued}",
                area.left_mm, area.top_mm, area.width_mm, area.height_mm
            )
        }));
        if !self.dirt.is_empty() {
            let count = self.dirt.len();
            lines.push(format!(
                "表面の汚れ・かすれと見られる箇所 / places on the front taken for dirt or wear: {count}"
            ));
        }
        lines
    }

    /// The verdict in a sentence that says what to do next.
    pub const fn summary(&self) -> Words {
        match self.verdict {
            Verdict::Genuine if self.features.is_copy() => SUMMARY_COPY,
            Verdict::Genuine => match self.features.front.state {
                FindingState::Holds => SUMMARY_GENUINE,
                FindingState::Fails | FindingState::Unreadable | FindingState::NotChecked => SUMMARY_BACK_GENUINE,
            },
            Verdict::Altered => SUMMARY_ALTERED,
            Verdict::Unreadable => SUMMARY_UNREADABLE,
            Verdict::Unknown => SUMMARY_UNKNOWN,
            Verdict::Revoked => SUMMARY_REVOKED,
        }
    }

    /// Draws the verdict from the features, by the table of [`crate::inspection`].
    pub(super) fn settle(&mut self) {
        let Features { front, health_card, vds_nc, status, .. } = &self.features;
        let fails = |finding: &Finding| finding.state == FindingState::Fails;
        self.verdict = if [front, health_card, vds_nc].into_iter().any(fails) {
            Verdict::Altered
        } else if status.words == STATUS_REVOKED {
            Verdict::Revoked
        } else if fails(status) {
            Verdict::Unknown
        } else if front.state == FindingState::Unreadable {
            Verdict::Unreadable
        } else {
            Verdict::Genuine
        };
    }
}

impl Days {
    fn lines(&self) -> impl Iterator<Item = String> {
        let days = [
            ("発行", "issued", Some(self.issued)),
            ("失効", "revoked", self.revoked),
            ("再交付", "printed again", self.reissued),
        ];
        days.into_iter().filter_map(|(japanese, english, day)| Some(format!("{japanese} / {english}: {}", day?)))
    }
}

impl Finding {
    pub(super) const fn holds(words: Words) -> Self {
        Self { state: FindingState::Holds, words }
    }

    pub(super) const fn fails(words: Words) -> Self {
        Self { state: FindingState::Fails, words }
    }

    pub(super) const fn unreadable(words: Words) -> Self {
        Self { state: FindingState::Unreadable, words }
    }
}

impl Features {
    /// Whether the paper is to be taken for a copy: by its fine pattern, or by the word where that does not say the
    /// contrary.
    const fn is_copy(&self) -> bool {
        match self.originality.state {
            FindingState::Fails => true,
            FindingState::Holds => false,
            FindingState::Unreadable | FindingState::NotChecked => matches!(self.copy_word.state, FindingState::Fails),
        }
    }
}

impl Default for Features {
    fn default() -> Self {
        let unchecked = Finding { state: FindingState::NotChecked, words: NOT_CHECKED };
        Self {
            back: unchecked,
            content: unchecked,
            front: unchecked,
            health_card: unchecked,
            vds_nc: unchecked,
            originality: unchecked,
            copy_word: unchecked,
            status: unchecked,
        }
    }
}

impl Area {
    /// The part of this area that lies in another, in square millimetres.
    pub(super) fn overlap(&self, other: &Self) -> f64 {
        let along =
            |a: f64, length_a: f64, b: f64, length_b: f64| ((a + length_a).min(b + length_b) - a.max(b)).max(0.0);
        along(self.left_mm, self.width_mm, other.left_mm, other.width_mm)
            * along(self.top_mm, self.height_mm, other.top_mm, other.height_mm)
    }
}

impl Area {
    /// Whether a place, from the upper left corner of the page, lies in it.
    pub(super) fn contains(&self, (x_mm, y_mm): (f64, f64)) -> bool {
        (self.left_mm..self.left_mm + self.width_mm).contains(&x_mm)
            && (self.top_mm..self.top_mm + self.height_mm).contains(&y_mm)
    }
}
