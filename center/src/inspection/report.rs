//! What an inspection says: verdict, each feature in words for a clerk, and where the front differs.

use jiff::civil::Date;
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
    /// When the certificate was issued, revoked and printed again, by the records; `None` if they do not know it or were
    /// not asked.
    pub days: Option<Days>,
    /// Where the presented front differs from the issued one.
    pub differences: Vec<Difference>,
    /// The score of the originality patch: high for an original, low for a copy; `None` if it could not be measured.
    pub originality: Option<f64>,
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
            dirt: Vec::new(),
            deviation: None,
        }
    }

    /// The report in sentences, the verdict first.
    pub fn lines(&self) -> Vec<String> {
        let Features { back, content, front, health_card, vds_nc, originality, status } = &self.features;
        let certificate = self.certificate.as_ref().map_or("—", CertificateId::as_str);
        let mut lines = vec![format!("{} / {}  {certificate}", self.verdict.japanese(), self.verdict.english())];
        let findings = [back, content, front, health_card, vds_nc, originality, status];
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
            Verdict::Genuine => match (self.features.originality.state, self.features.front.state) {
                (FindingState::Fails, _) => SUMMARY_COPY,
                (_, FindingState::Holds) => SUMMARY_GENUINE,
                (_, FindingState::Fails | FindingState::Unreadable | FindingState::NotChecked) => SUMMARY_BACK_GENUINE,
            },
            Verdict::Altered => SUMMARY_ALTERED,
            Verdict::Unreadable => SUMMARY_UNREADABLE,
            Verdict::Unknown => SUMMARY_UNKNOWN,
            Verdict::Revoked => SUMMARY_REVOKED,
        }
    }

    /// Draws the verdict from the features, by the table of [`crate::inspection`].
    pub(super) fn settle(&mut self) {
        let Features { back: _, content: _, front, health_card, vds_nc, originality: _, status } = &self.features;
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

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $japanese:literal, $english:literal;)+) => {$(
        $(#[$doc])*
        pub(super) const $name: Words = Words { japanese: $japanese, english: $english };
    )+};
}

words! {
    SUMMARY_GENUINE = "発行した証明書と一致し、有効です。",
        "This is a certificate as it was issued, and it is in force.";
    SUMMARY_BACK_GENUINE = "裏面は本物です。表面は確認していません。下の「発行時の表面」とお手元の紙の表面を見比べるか、表面も選んで確認してください。",
        "The back is genuine. The front was not checked: compare the paper with the front as issued below, or add a scan of the front.";
    SUMMARY_COPY = "内容はこのセンターが発行したものですが、この紙は原本ではなく複写と見られます。原本の提示を求めてください。",
        "The content was issued by this centre, but this paper seems to be a copy. Ask for the original.";
    SUMMARY_ALTERED = "発行した証明書と一致しません。受け付けず、下の「確認した項目」を見てください。",
        "This is not as it was issued. Do not accept it; see below what does not hold.";
    SUMMARY_UNREADABLE = "読み取れなかったため、本物かどうか判断できません。300 dpi以上で、表裏それぞれの全体を読み取り直してください。",
        "It could not be read, so that nothing can be said. Scan the whole of each side again at 300 dpi or more.";
    SUMMARY_UNKNOWN = "このセンターが発行したものと確認できません。受け付けないでください。",
        "This centre does not know it as a certificate it issued. Do not accept it.";
    SUMMARY_REVOKED = "このセンターが発行しましたが、失効しています。受け付けないでください。",
        "This centre issued it, and it was revoked. Do not accept it.";
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
    HEALTH_CARD_SIGNED = "SMART Health Cardは署名が正しいものです。下の内容と紙の文字を見比べてください。",
        "The SMART Health Card is signed. Compare what it says with the text on the paper.";
    VDS_NC_SIGNED = "VDS-NCは署名が正しいものです。下の内容と紙の文字を見比べてください。",
        "The VDS-NC is signed. Compare what it says with the text on the paper.";
    CODES_SIGNED = "印刷された二次元コードは発行者が署名したものです。下の内容が紙の文字と同じか見比べてください。",
        "The printed codes were signed by the issuer. Compare what they say below with the text on the paper.";
    CODES_FORGED = "署名が正しくない二次元コードがあります。受け付けないでください。",
        "A printed code is not signed by the issuer. Do not accept it.";
    CODES_UNREADABLE = "二次元コードを読み取れません。表面全体を300 dpi以上で読み取り直してください。",
        "No code could be read. Scan the whole front again at 300 dpi or more.";
    PUBLIC_KEYS_ONLY = "公開鍵だけで確認しました。失効の有無、裏面の内容、原本か複写かは、センターの確認ページで確かめてください。",
        "Verified with public keys alone. Whether it was revoked, what the back holds, and whether this is the original: ask the centre's page.";
    VDS_NC_SAME = "表面のVDS-NCは署名が正しく、この証明書のものです。", "The VDS-NC on the front is signed and belongs to this certificate.";
    VDS_NC_FORGED = "表面のVDS-NCの署名が正しくありません。", "The VDS-NC on the front is not signed by the centre.";
    VDS_NC_OTHER = "表面のVDS-NCは別の証明書のものです。", "The VDS-NC on the front belongs to another certificate.";
    VDS_NC_UNREADABLE = "表面のVDS-NCを読み取れません。", "The VDS-NC on the front cannot be read.";
    ORIGINAL = "裏面の細かい模様は、一度だけ印刷された紙の写り方です。原本と見られます。",
        "The fine pattern on the back came out as on paper that was printed once: it seems to be an original.";
    COPY = "裏面の細かい模様が、複写を経たように失われています。原本ではなく複写と見られます。",
        "The fine pattern on the back is lost as by copying: it seems to be a copy, not the original.";
    ORIGINAL_OR_COPY = "裏面の細かい模様からは、原本か複写か判断できません。", "The fine pattern on the back does not tell an original from a copy here.";
    PATCH_ABSENT = "原本か複写かは判断できません。裏面のスクランブル画像の下に細かい模様が見つかりません。",
        "Original or copy cannot be told: the fine pattern below the scramble picture was not found.";
    PATCH_DRAWN = "原本か複写かは判断できません。紙を読み取った画像ではありません。",
        "Original or copy cannot be told: this is not a picture of paper.";
    PATCH_TOO_COARSE = "原本か複写かは判断できません。300 dpi以上で読み取り直してください。",
        "Original or copy cannot be told: scan again at 300 dpi or more.";
    PATCH_BLACK_AND_WHITE = "原本か複写かは判断できません。白黒2値ではなく、グレーかカラーで読み取り直してください。",
        "Original or copy cannot be told: scan in grey or colour, not in black and white.";
    PATCH_SMEARED = "原本か複写かは判断できません。写真ではなく、スキャナーで300 dpi以上で読み取ってください。",
        "Original or copy cannot be told: use a flatbed scanner at 300 dpi or more, not a photo.";
    STATUS_ISSUED = "この証明書は発行済みで、有効です。", "The certificate was issued and is in force.";
    STATUS_PENDING = "この証明書は発行済みです。端末からの交付完了の報告を待っています。",
        "The certificate was issued; the terminal's report that it was handed out has not arrived yet.";
    STATUS_REVOKED = "この証明書は失効しています。", "The certificate was revoked.";
    STATUS_UNKNOWN = "この証明書の発行記録がありません。", "There is no record of this certificate's issue.";
}
