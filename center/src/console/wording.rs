//! The words of the console for values that the code names in English.

use shared::domain::certificate::Form;
use shared::records::{Role, TermsDocument};
use shared::wire::problem::ProblemCode;

use crate::store::actor::Reason;
use crate::vrs::impact::{Duty, Task};
use crate::vrs::openings::{Missing, Service};

/// What an account is.
pub(super) const fn role(role: Role) -> &'static str {
    match role {
        Role::Clerk => "担当者",
        Role::Supervisor => "責任者",
        Role::NationalOperator => "国の運用担当",
    }
}

/// A form of the certificate.
pub(super) const fn form(form: Form) -> &'static str {
    match form {
        Form::Domestic => "国内用",
        Form::Overseas => "海外用及び日本国内用",
    }
}

/// Why somebody looks.
pub(super) const fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Application => "証明書などの申請",
        Reason::OwnInquiry => "本人からの照会",
        Reason::Correction => "記録の訂正",
        Reason::MovingIn => "転入の手続き",
        Reason::Checking => "記録の確認（保留中）",
        Reason::Protection => "支援措置",
        Reason::Ledger => "台帳・報告",
    }
}

/// Choices of a reason.
pub(super) fn reasons() -> Vec<(String, String)> {
    let first = (String::new(), "選択してください".to_owned());
    let all = Reason::ALL.into_iter().map(|known| (known.as_str().to_owned(), reason(known).to_owned()));
    std::iter::once(first).chain(all).collect()
}

/// A document's name.
pub(super) const fn document(document: TermsDocument) -> &'static str {
    match document {
        TermsDocument::Confirmation => "確認事項",
        TermsDocument::ConfirmationAddition => "確認事項（追加分）",
        TermsDocument::KioskTerms => "コンビニ交付の規約",
    }
}

/// A thing that consents open.
pub(super) const fn service(service: Service) -> &'static str {
    match service {
        Service::Kiosk => "コンビニ交付",
        Service::App => "接種証明書アプリでの交付",
        Service::Inquiries => "市区町村間の照会（本人の同意なし）",
    }
}

/// What bars something.
pub(super) fn missing(missing: Missing) -> String {
    match missing {
        Missing::Document(agreed) => format!("「{}」（第{}版）への同意", document(agreed), agreed.current_version()),
        Missing::Suspended => "一時停止の解除".to_owned(),
        Missing::Assessment => "特定個人情報保護評価の実施".to_owned(),
        Missing::Contact => "住民向け連絡先の登録".to_owned(),
    }
}

/// An assessment that is due.
pub(super) const fn duty(duty: Duty) -> &'static str {
    match duty {
        Duty::Voluntary => "義務なし（任意）",
        Duty::Basic => "基礎項目評価",
        Duty::Focused => "基礎項目評価＋重点項目評価",
        Duty::Full => "基礎項目評価＋全項目評価",
    }
}

/// What an assessment asks for.
pub(super) const fn task(task: Task) -> &'static str {
    match task {
        Task::SubmitBasic => "基礎項目評価書の提出",
        Task::SubmitFocused => "重点項目評価書の提出",
        Task::AskResidents => "住民等からの意見聴取",
        Task::ThirdPartyCheck => "第三者点検",
        Task::Publish => "評価書の公表",
    }
}

/// A rule of the store, for a clerk.
pub(super) fn rule(rule: &str) -> &'static str {
    const RULES: [(&str, &str); 27] = [
        ("text", "空欄にできない項目が空か、長すぎるか、目に見えない文字が含まれています。"),
        ("sex", "性別を選んでください。"),
        ("address number", "宛名番号は15桁までの数字です。"),
        ("dose", "接種の入力を読み取れませんでした。"),
        ("product", "ワクチンを選んでください。"),
        ("coupon", "券番号は10桁の数字です。"),
        ("date", "日付が存在しないか、未来の日付です。"),
        ("a My Number with its check digit is expected", "個人番号（12桁）の検査用数字が合いません。"),
        ("the certificate belongs to another person", "この電子証明書は別の人に登録されています。"),
        ("the coupon belongs to another person", "この券番号は別の人に登録されています（重複）。"),
        ("a certificate digest of 32 bytes is expected", "電子証明書の値が正しくありません。"),
        ("no municipality has the code of residence", "住所地の市区町村コードが存在しません。"),
        ("no municipality has the code of a dose", "接種時の市区町村コードが存在しません。"),
        ("doses are numbered from 1, each once", "接種回数が重複しているか、1以上の数字ではありません。"),
        ("a lot of 1 to 20 characters is expected", "ロット番号は1～20文字です。"),
        ("a dose of another municipality cannot be registered here", "他市区町村の接種は登録できません。"),
        ("a new person must live in the municipality", "新しく登録できるのは住民だけです。"),
        ("the birth date differs from the record of this number", "生年月日が、この個人番号の記録と異なります。"),
        (
            "the person lives elsewhere: take the person over first",
            "他市区町村の住民です。先に転入処理をしてください。",
        ),
        ("this dose is recorded by another municipality", "この回の接種は、他市区町村が登録済みです。"),
        ("the record was changed meanwhile", "ほかの人が同時に変更しました。"),
        ("there is an account of this name", "同じ名前のアカウントがあります。"),
        ("the account's municipality is expected", "役割と市区町村の組合せが正しくありません。"),
        ("another version of the document is in force", "文書が改定されています。画面を開き直してください。"),
        ("a contact of one line of up to 100 characters is expected", "連絡先は1行100文字までです。"),
        ("a field of the sheet of up to 1000 characters is expected", "評価書の項目は、それぞれ1000文字までです。"),
        ("a title of one line and a text are expected", "件名（80文字まで）と本文（4000文字まで）を入力してください。"),
    ];
    RULES
        .iter()
        .find(|(known, _)| *known == rule)
        .map_or("入力内容が規則に合いません。", |(_, words)| words)
}

/// Why a counter issues nothing; codes that only terminals meet share a sentence.
pub(super) const fn refusal(code: ProblemCode) -> &'static str {
    match code {
        ProblemCode::NoRecord | ProblemCode::MunicipalityWithoutRecord => {
            "この市区町村が証明できる接種記録がありません。"
        }
        ProblemCode::RecordHeld => {
            "記録が確認のため保留されています。確認が済んだら、照会・補正で保留を解除してください。"
        }
        ProblemCode::PassportExpired => "旅券の有効期間が満了しています。国内用だけ発行できます。",
        ProblemCode::PassportNotConfirmed => "海外用には、旅券の機械読取領域の入力が必要です。",
        ProblemCode::CopiesOutOfRange => "部数は1～5部です。",
        ProblemCode::CertificateNotPrintable => "接種回数が多いなど、1枚に印字できない内容です。",
        ProblemCode::IdempotencyKeyReused => "この申請画面は別の人に使われました。検索からやり直してください。",
        _ => "規則により発行できません。",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_store_has_words() {
        let sources = [
            include_str!("../store/sqlite/persons.rs"),
            include_str!("../vrs/registration.rs"),
            include_str!("../store/sqlite/terms.rs"),
            include_str!("../store/sqlite/board.rs"),
        ];
        let mut found = 0;
        for source in sources {
            for (_, rest) in source.match_indices("Err(\"").map(|(at, _)| source.split_at(at + 5)) {
                let text = rest.split('"').next().unwrap_or_default();
                assert_ne!(rule(text), "入力内容が規則に合いません。", "{text}");
                found += 1;
            }
        }
        assert!(found >= 10, "only {found} rules were found in the sources");
    }
}
