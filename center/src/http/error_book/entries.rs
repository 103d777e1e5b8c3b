//! Each code's cause and what to do, in Japanese and English. One match: a code without its words does not compile.

use shared::wire::problem::ProblemCode;

/// Cause and advice in Japanese, cause and advice in English.
#[rustfmt::skip]
#[expect(clippy::too_many_lines, reason = "one arm a code; apart they could be forgotten")]
pub(super) const fn lines(code: ProblemCode) -> [&'static str; 4] {
    match code {
        ProblemCode::MalformedRequest => [
            "端末から届いた依頼の形が正しくありません。",
            "端末の不具合です。店員に知らせ、別の端末をお使いください。",
            "The terminal sent a request that cannot be read.",
            "The terminal is at fault: tell the staff and use another one.",
        ],
        ProblemCode::NotFound => [
            "依頼された先がありません。",
            "アドレスを確かめてください。端末で出たときは、店員に知らせてください。",
            "There is nothing at this address.",
            "Check the address. At a terminal, tell the staff.",
        ],
        ProblemCode::MethodNotAllowed => [
            "その操作は受け付けていません。",
            "端末の不具合です。店員に知らせてください。",
            "This operation is not offered there.",
            "The terminal is at fault: tell the staff.",
        ],
        ProblemCode::RequestTooLarge => [
            "送られたデータが大きすぎます。",
            "端末の不具合です。検証のページで出たときは、小さい画像で試してください。",
            "The data sent is too large.",
            "The terminal is at fault. On the verification page, try a smaller picture.",
        ],
        ProblemCode::UnsupportedMediaType => [
            "送られたデータの種類が違います。",
            "端末の不具合です。検証のページで出たときは、PDF・PNG・JPEG・TIFFで試してください。",
            "The data sent is of another kind.",
            "The terminal is at fault. On the verification page, use PDF, PNG, JPEG or TIFF.",
        ],
        ProblemCode::TerminalUnknown => [
            "この端末は登録されていません。",
            "店員に知らせ、別の店舗をお使いください。設置者は端末の登録を確かめてください。",
            "This terminal is not in service.",
            "Tell the staff and go to another store. The operator checks the terminal's registration.",
        ],
        ProblemCode::TerminalOutdated => [
            "端末のプログラムが古く、交付に使えません。",
            "別の端末をお使いください。設置者は端末を更新してください。",
            "The terminal's program is too old to issue.",
            "Use another terminal. The operator updates this one.",
        ],
        ProblemCode::ClockSkew => [
            "端末の時計がずれています。",
            "別の端末をお使いください。設置者は端末の時計を合わせてください。",
            "The terminal's clock is wrong.",
            "Use another terminal. The operator sets its clock.",
        ],
        ProblemCode::RateLimited => [
            "この端末からの依頼が多すぎます。",
            "少し待ってから、もう一度お試しください。",
            "This terminal asks too often.",
            "Wait a little and try again.",
        ],
        ProblemCode::Busy => [
            "センターが混み合っています。",
            "料金は入れずに、少し待ってからもう一度お試しください。記録が無いという意味ではありません。",
            "The centre is crowded.",
            "Nothing was paid. Wait a little and try again; it does not mean that there is no record.",
        ],
        ProblemCode::StoreUnavailable => [
            "センターがいま記録を読めません。",
            "しばらくしてからお試しください。記録が無いという意味ではありません。",
            "The centre cannot read records at the moment.",
            "Try again later; it does not mean that there is no record.",
        ],
        ProblemCode::ServiceStopped => [
            "運用担当が交付を止めています。",
            "再開をお待ちください。お急ぎのときは市区町村の窓口へ。",
            "The operator has stopped all issuing.",
            "Wait until it goes on, or go to the municipal counter.",
        ],
        ProblemCode::OutOfHours => [
            "取扱時間外です。",
            "午前6時30分から午後11時までにお越しください。",
            "The service is closed at this hour.",
            "Come between 6:30 and 23:00, Japan time.",
        ],
        ProblemCode::Internal => [
            "センターでエラーが起きました。",
            "時間をおいてお試しください。続くときは、画面の番号を店員に伝えてください。",
            "The centre made an error.",
            "Try again later. If it goes on, tell the staff what the screen says.",
        ],
        ProblemCode::ChallengeRefused => [
            "本人確認の手続きの期限が切れたか、別の端末のものです。",
            "カードを置くところからやり直してください。",
            "The proof was too late, or made for another terminal.",
            "Start again by placing the card.",
        ],
        ProblemCode::CardNotGenuine => [
            "カードの内容を確かめられませんでした。",
            "カードを置き直してもう一度お試しください。続くときは市区町村の窓口へ。",
            "The card's data cannot be trusted.",
            "Place the card again. If it goes on, ask your municipality.",
        ],
        ProblemCode::HolderSignatureInvalid => [
            "カードの署名を確かめられませんでした。",
            "カードを置き直してもう一度お試しください。続くときは市区町村の窓口へ。",
            "The card's signature does not hold.",
            "Place the card again. If it goes on, ask your municipality.",
        ],
        ProblemCode::CertificateUntrusted => [
            "このカードの電子証明書は、ここでは使えない発行元のものです。",
            "市区町村の窓口でカードを確かめてください。",
            "The card's certificate is from an authority that is not accepted.",
            "Have the card checked by your municipality.",
        ],
        ProblemCode::CertificateExpired => [
            "カードの電子証明書の有効期限が切れています。",
            "市区町村の窓口で電子証明書を更新してください。",
            "The card's certificate has expired.",
            "Have it renewed by your municipality.",
        ],
        ProblemCode::CertificateNotYetValid => [
            "カードの電子証明書は、まだ有効になっていません。",
            "日を改めるか、市区町村の窓口へお尋ねください。",
            "The card's certificate is not valid yet.",
            "Come back later, or ask your municipality.",
        ],
        ProblemCode::CertificateRevoked => [
            "カードの電子証明書は失効しています。",
            "市区町村の窓口で電子証明書を発行し直してください。",
            "The card's certificate is revoked.",
            "Have a new one issued by your municipality.",
        ],
        ProblemCode::CertificateWrongPurpose => [
            "用途の違う電子証明書です。",
            "カードを置き直してお試しください。続くときは市区町村の窓口へ。",
            "The card's certificate is for another purpose.",
            "Place the card again. If it goes on, ask your municipality.",
        ],
        ProblemCode::RevocationUnavailable => [
            "電子証明書が有効かどうかを、いま確かめられません。",
            "しばらくしてからお試しください。",
            "Whether the card's certificate is in force cannot be told at the moment.",
            "Try again later.",
        ],
        ProblemCode::HolderSessionUnknown => [
            "本人確認の有効時間が過ぎました。",
            "カードを置くところからやり直してください。",
            "The proof of identity has ended.",
            "Start again by placing the card.",
        ],
        ProblemCode::NoRecord => [
            "接種の記録が見つかりませんでした。",
            "接種したときに住んでいた市区町村へお問い合わせください。",
            "No vaccination record was found.",
            "Ask the municipality where you lived when you were vaccinated.",
        ],
        ProblemCode::RecordHeld => [
            "記録を市区町村が確認しているため、いまは交付できません。",
            "市区町村の窓口へお問い合わせください。",
            "The municipality is checking the record.",
            "Ask your municipality.",
        ],
        ProblemCode::PersonProtected => [
            "この記録は、端末では交付できません。",
            "市区町村の窓口で申請してください。",
            "Certificates for this record are issued at the counter only.",
            "Apply at the municipal counter.",
        ],
        ProblemCode::MunicipalityNotParticipating => [
            "この市区町村は、コンビニでの交付を行っていません。",
            "市区町村の窓口か、接種証明書アプリをご利用ください。",
            "The municipality does not issue in stores.",
            "Use its counter or the phone app.",
        ],
        ProblemCode::MunicipalitySuspended => [
            "この市区町村は、コンビニでの交付を一時停止しています。",
            "再開を待つか、市区町村の窓口をご利用ください。",
            "The municipality has suspended issue in stores.",
            "Wait, or use its counter.",
        ],
        ProblemCode::MunicipalityWithoutRecord => [
            "選んだ市区町村には、接種の記録がありません。",
            "接種したときに住んでいた市区町村を選んでください。",
            "The chosen municipality holds no dose.",
            "Choose the municipality where you lived when you were vaccinated.",
        ],
        ProblemCode::ChainNotParticipating => [
            "このお店では取り扱っていません。",
            "取り扱いのあるコンビニをご利用ください。",
            "This store does not offer the certificate.",
            "Go to a store of a chain that does.",
        ],
        ProblemCode::PassportNotRegistered => [
            "2022年7月21日以降に海外用の証明書を発行した記録がありません。",
            "国内用を選ぶか、先に市区町村の窓口かアプリで海外用を取得してください。",
            "No overseas certificate was issued by a counter or the app since 2022-07-21.",
            "Choose the domestic form, or first get an overseas one at the counter or by the app.",
        ],
        ProblemCode::PassportExpired => [
            "登録されている旅券の有効期限が切れています。",
            "国内用を選ぶか、新しい旅券で、窓口かアプリから海外用を取得してください。",
            "The registered passport has expired.",
            "Choose the domestic form, or get an overseas one with your new passport at the counter or by the app.",
        ],
        ProblemCode::TravelDocumentNotPassport => [
            "登録されている渡航文書は旅券ではありません。",
            "市区町村の窓口で申請してください。",
            "The registered travel document is not a passport.",
            "Apply at the municipal counter.",
        ],
        ProblemCode::TrialDose => [
            "治験で接種した回があるため、端末では証明できません。",
            "市区町村の窓口で申請してください。",
            "A dose was given in a clinical trial.",
            "Apply at the municipal counter.",
        ],
        ProblemCode::PassportMismatch => [
            "入力した旅券番号が、登録されている番号と違います。",
            "旅券を見て、もう一度入力してください。",
            "The passport number differs from the registered one.",
            "Look at the passport and type it again.",
        ],
        ProblemCode::PassportAttemptsExceeded => [
            "旅券番号を続けて間違えたため、海外用は選べません。",
            "カードを置くところからやり直すか、国内用を選んでください。",
            "The passport number was wrong too often.",
            "Start again, or choose the domestic form.",
        ],
        ProblemCode::PassportNotConfirmed => [
            "旅券番号が確認されていません。",
            "旅券番号を入力してください。",
            "The passport number was not confirmed.",
            "Type the passport number first.",
        ],
        ProblemCode::CopiesOutOfRange => [
            "部数が範囲外です。",
            "1部から5部までを選んでください。",
            "The number of copies is not allowed.",
            "Choose one to five copies.",
        ],
        ProblemCode::CertificateNotPrintable => [
            "氏名などを正しく印字できないため、端末では交付できません。",
            "市区町村の窓口で申請してください。",
            "The certificate cannot be printed without loss.",
            "Apply at the municipal counter.",
        ],
        ProblemCode::IdempotencyKeyReused => [
            "端末が同じ番号を別の依頼に使いました。",
            "料金は返されます。店員に知らせてください。",
            "The terminal used one key for two requests.",
            "Money is given back. Tell the staff.",
        ],
        ProblemCode::IssuanceInProgress => [
            "同じ依頼を処理しています。",
            "そのままお待ちください。",
            "The same request is being worked on.",
            "Please wait.",
        ],
        ProblemCode::IssuanceWithdrawn => [
            "この交付は取り消されました。",
            "最初からやり直してください。料金は返されています。",
            "This issue was withdrawn.",
            "Start again; money was given back.",
        ],
        ProblemCode::OutcomeConflict => [
            "この交付の結果は、すでに別の内容で記録されています。",
            "店員に知らせてください。",
            "Another outcome of this issue is recorded already.",
            "Tell the staff.",
        ],
        ProblemCode::PassportUnreadable => [
            "アプリが読み取った旅券の機械読取領域に、検査数字の合わない所や読めない文字があります。",
            "旅券の写真のページを明るい所でもう一度読み取ってください。旅券以外の渡航文書は市区町村の窓口で扱います。",
            "The machine-readable zone that the app read has a wrong check digit or an unreadable character.",
            "Read the passport's photo page again in good light. Other travel documents are handled at the municipality.",
        ],
        ProblemCode::PassportOfAnotherPerson => [
            "旅券の生年月日が、マイナンバーカードの人の生年月日と違います。",
            "カードと同じ人の旅券を読み取ってください。記載に誤りがあるときは市区町村へお問い合わせください。",
            "The birth date in the passport is not that of the card's holder.",
            "Read the passport of the card's holder. If something is recorded wrongly, ask the municipality.",
        ],
    }
}
