//! What an inspection says: verdict, each feature in words for a clerk, and where the front differs.

use serde::Serialize;
use shared::domain::identifiers::CertificateId;

/// The whole answer; serialised, it is the JSON of `center verify`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The verdict.
    pub verdict: Verdict,
    /// The certificate the back names, if one could be read.
    pub certificate: Option<CertificateId>,
    /// What each feature showed.
    pub features: Features,
    /// Where the presented front differs from the issued one.
    pub differences: Vec<Difference>,
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
    /// Ink too much or too little there, in pixels of solid ink at 200 dpi.
    pub mass: f64,
}

// What was issued there may be a name.
shared::hidden_debug!(Difference);

impl Report {
    pub(super) const fn new(verdict: Verdict, certificate: Option<CertificateId>, features: Features) -> Self {
        Self { verdict, certificate, features, differences: Vec::new() }
    }

    /// The report in sentences, the verdict first.
    pub fn lines(&self) -> Vec<String> {
        let Features { back, content, front, health_card, vds_nc, status } = &self.features;
        let certificate = self.certificate.as_ref().map_or("—", CertificateId::as_str);
        let mut lines = vec![format!("{} / {}  {certificate}", self.verdict.japanese(), self.verdict.english())];
        let findings = [back, content, front, health_card, vds_nc, status];
        lines.extend(findings.map(|finding| format!("{} / {}", finding.words.japanese, finding.words.english)));
        lines.extend(self.differences.iter().map(|Difference { area, issued, mass: _ }| {
            let issued = issued.as_deref().unwrap_or("（余白 / blank）");
            format!(
                "左から{:.0} mm、上から{:.0} mm（{:.0}×{:.0} mm）: 発行時 / issued: {issued}",
                area.left_mm, area.top_mm, area.width_mm, area.height_mm
            )
        }));
        lines
    }

    /// Draws the verdict from the features, by the table of [`crate::inspection`].
    pub(super) fn settle(&mut self) {
        let Features { back: _, content: _, front, health_card, vds_nc, status } = &self.features;
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

impl Default for Features {
    fn default() -> Self {
        let unchecked = Finding { state: FindingState::NotChecked, words: NOT_CHECKED };
        Self {
            back: unchecked,
            content: unchecked,
            front: unchecked,
            health_card: unchecked,
            vds_nc: unchecked,
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

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $japanese:literal, $english:literal;)+) => {$(
        $(#[$doc])*
        pub(super) const $name: Words = Words { japanese: $japanese, english: $english };
    )+};
}

words! {
    NOT_CHECKED = "確認していません（提示されていないか、この様式にはありません）。",
        "Not checked: not presented, or not on this form.";
    BACK_READ = "裏面のスクランブル画像を復号しました。", "The scramble picture on the back was decoded.";
    BACK_ABSENT = "裏面のスクランブル画像が見つかりません。裏面全体を読み取ってください。",
        "No scramble picture was found. Scan the whole back.";
    BACK_UNREADABLE = "裏面のスクランブル画像を読み取れません。汚れや折れがないか確かめ、300 dpi以上で読み取り直してください。",
        "The scramble picture cannot be read. Look for dirt and folds and scan again at 300 dpi or more.";
    CONTENT_SIGNED = "裏面の内容はセンターが作成し、署名したものです。", "The content of the back was made and signed by the centre.";
    CONTENT_UNKNOWN_KEY = "裏面はこのセンターの鍵で作られたものではありません。", "The back was not made with a key of this centre.";
    CONTENT_OTHER_QR = "スクランブル画像とその横の二次元コードが別の証明書のものです。",
        "The scramble picture and the QR beside it belong to different certificates.";
    CONTENT_FORGED = "裏面の内容はセンターが作成したものではありません。", "The content of the back was not made by the centre.";
    CONTENT_UNKNOWN_FORM = "裏面の内容の形式に対応していません。", "The content of the back has a form that is not known here.";
    FRONT_SAME = "提示された表面は、発行時の内容と一致します。", "The presented front is the one that was issued.";
    FRONT_SAME_COARSELY = "提示された表面は、粗い読み取りで見る限り発行時の内容と一致します。細部は200 dpi以上で読み取り直して確かめてください。",
        "As far as a coarse scan shows, the presented front is the one that was issued. Scan at 200 dpi or more to compare details.";
    FRONT_DIFFERS = "提示された表面は、発行時の内容と異なる箇所があります。", "The presented front differs from the one that was issued.";
    FRONT_NOT_ALIGNED = "提示された表面を発行時の内容と重ね合わせられません。表面全体を読み取り直してください。",
        "The presented front cannot be laid over the one that was issued. Scan the whole front again.";
    HEALTH_CARD_SAME = "表面のSMART Health Cardは署名が正しく、この証明書のものです。",
        "The SMART Health Card on the front is signed and belongs to this certificate.";
    HEALTH_CARD_FORGED = "表面のSMART Health Cardの署名が正しくありません。", "The SMART Health Card on the front is not signed by the centre.";
    HEALTH_CARD_OTHER = "表面のSMART Health Cardは別の証明書のものです。", "The SMART Health Card on the front belongs to another certificate.";
    HEALTH_CARD_UNREADABLE = "表面のSMART Health Cardを読み取れません。", "The SMART Health Card on the front cannot be read.";
    VDS_NC_SAME = "表面のVDS-NCは署名が正しく、この証明書のものです。", "The VDS-NC on the front is signed and belongs to this certificate.";
    VDS_NC_FORGED = "表面のVDS-NCの署名が正しくありません。", "The VDS-NC on the front is not signed by the centre.";
    VDS_NC_OTHER = "表面のVDS-NCは別の証明書のものです。", "The VDS-NC on the front belongs to another certificate.";
    VDS_NC_UNREADABLE = "表面のVDS-NCを読み取れません。", "The VDS-NC on the front cannot be read.";
    STATUS_ISSUED = "この証明書は発行済みで、有効です。", "The certificate was issued and is in force.";
    STATUS_PENDING = "この証明書は発行済みです。端末からの交付完了の報告を待っています。",
        "The certificate was issued; the terminal's report that it was handed out has not arrived yet.";
    STATUS_REVOKED = "この証明書は失効しています。", "The certificate was revoked.";
    STATUS_UNKNOWN = "この証明書の発行記録がありません。", "There is no record of this certificate's issue.";
}
