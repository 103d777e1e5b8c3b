//! What a report says, in the two languages of the paper.

use super::Words;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $japanese:literal, $english:literal;)+) => {$(
        $(#[$doc])*
        pub(in crate::inspection) const $name: Words = Words { japanese: $japanese, english: $english };
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
    WORD_HIDDEN = "けん制文字「複写」は浮かんでいません。", "The word 複写 (copy) does not show in the background.";
    WORD_FAINT = "けん制文字「複写」がうっすらと見えます。写真モードでの複写か、地紋を調整していない端末の原本と見られます。",
        "The word 複写 (copy) shows faintly: a copy made in photo mode, or an original from a terminal that was not calibrated.";
    WORD_SHOWN = "けん制文字「複写」が浮かび上がっています。複写と見られます。",
        "The word 複写 (copy) stands out from the background, as on a copy.";
    WORD_UNTOLD = "けん制文字「複写」が浮かんでいるかは判断できません。グレーかカラーで、紙の全体を読み取り直してください。",
        "Whether the word 複写 (copy) shows cannot be told: scan the whole sheet in grey or colour.";
    STATUS_ISSUED = "この証明書は発行済みで、有効です。", "The certificate was issued and is in force.";
    STATUS_PENDING = "この証明書は発行済みです。端末からの交付完了の報告を待っています。",
        "The certificate was issued; the terminal's report that it was handed out has not arrived yet.";
    STATUS_REVOKED = "この証明書は失効しています。", "The certificate was revoked.";
    STATUS_UNKNOWN = "この証明書の発行記録がありません。", "There is no record of this certificate's issue.";
}
