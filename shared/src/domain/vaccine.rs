//! The products that were given in Japan, and how paper and codes name them.

use serde::{Deserialize, Serialize};

/// A product, by the name the record system stores today.
///
/// Names, makers, CVX codes (CDC) and ICD-11 extension codes (WHO).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Product {
    /// コミナティ
    Comirnaty,
    /// コミナティ（5〜11歳用）
    #[serde(rename = "comirnaty-5-11")]
    ComirnatyChild,
    /// コミナティ（6ヵ月〜4歳用）
    #[serde(rename = "comirnaty-6m-4y")]
    ComirnatyInfant,
    /// コミナティ（BA.1）
    #[serde(rename = "comirnaty-ba1")]
    ComirnatyBa1,
    /// コミナティ（BA.4-5）
    #[serde(rename = "comirnaty-ba45")]
    ComirnatyBa45,
    /// コミナティ（5〜11歳用、BA.4-5）
    #[serde(rename = "comirnaty-ba45-5-11")]
    ComirnatyBa45Child,
    /// コミナティ（6ヵ月〜4歳用、BA.4-5）
    #[serde(rename = "comirnaty-ba45-6m-4y")]
    ComirnatyBa45Infant,
    /// スパイクバックス; older records call it COVID-19ワクチンモデルナ.
    #[serde(alias = "COVID-19ワクチンモデルナ")]
    Spikevax,
    /// スパイクバックス（BA.1）
    #[serde(rename = "spikevax-ba1")]
    SpikevaxBa1,
    /// スパイクバックス（BA.4-5）
    #[serde(rename = "spikevax-ba45")]
    SpikevaxBa45,
    /// ヌバキソビッド
    Nuvaxovid,
    /// バキスゼブリア
    Vaxzevria,
    /// ジェコビデン
    Jcovden,
}

/// How a product is named and coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Naming {
    /// Name on paper, Japanese.
    pub japanese: &'static str,
    /// Name on paper and in the VDS-NC, English.
    pub english: &'static str,
    /// Maker on paper, Japanese.
    pub maker_japanese: &'static str,
    /// Maker on paper, English.
    pub maker_english: &'static str,
    /// CVX code for the health card.
    pub cvx: u16,
    /// ICD-11 extension code for the VDS-NC (`des`).
    pub icd_11: &'static str,
    /// Kind of vaccine on paper, Japanese.
    pub kind_japanese: &'static str,
    /// Kind of vaccine on paper, English.
    pub kind_english: &'static str,
}

const fn naming(
    (japanese, english): (&'static str, &'static str),
    (maker_japanese, maker_english): (&'static str, &'static str),
    cvx: u16,
    icd_11: &'static str,
) -> Naming {
    let (kind_japanese, kind_english) = match icd_11.as_bytes() {
        b"XM9T65" => ("組換えタンパクワクチン", "Recombinant protein vaccine"),
        b"XM4YL8" | b"XM6QV1" => ("ウイルスベクターワクチン", "Viral vector vaccine"),
        _ => ("mRNAワクチン", "mRNA vaccine"),
    };
    Naming { japanese, english, maker_japanese, maker_english, cvx, icd_11, kind_japanese, kind_english }
}

impl Product {
    /// Every product.
    pub const ALL: [Self; 13] = [
        Self::Comirnaty,
        Self::ComirnatyChild,
        Self::ComirnatyInfant,
        Self::ComirnatyBa1,
        Self::ComirnatyBa45,
        Self::ComirnatyBa45Child,
        Self::ComirnatyBa45Infant,
        Self::Spikevax,
        Self::SpikevaxBa1,
        Self::SpikevaxBa45,
        Self::Nuvaxovid,
        Self::Vaxzevria,
        Self::Jcovden,
    ];

    /// The product of a CVX code; `None` if it was never given in Japan.
    pub fn of_cvx(cvx: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|product| product.naming().cvx == cvx)
    }

    /// Names and codes.
    pub const fn naming(self) -> Naming {
        const PFIZER: (&str, &str) = ("ファイザー", "Pfizer");
        const MODERNA: (&str, &str) = ("モデルナ", "Moderna");
        match self {
            Self::Comirnaty => naming(("コミナティ", "COMIRNATY"), PFIZER, 208, "XM8NQ0"),
            Self::ComirnatyChild => naming(("コミナティ（5〜11歳用）", "COMIRNATY 5-11"), PFIZER, 218, "XM8NQ0"),
            Self::ComirnatyInfant => naming(("コミナティ（6ヵ月〜4歳用）", "COMIRNATY 6M-4Y"), PFIZER, 219, "XM8NQ0"),
            Self::ComirnatyBa1 => naming(("コミナティ（BA.1）", "COMIRNATY BA.1"), PFIZER, 520, "XM8NQ0"),
            Self::ComirnatyBa45 => naming(("コミナティ（BA.4-5）", "COMIRNATY BA.4-5"), PFIZER, 300, "XM8NQ0"),
            Self::ComirnatyBa45Child => {
                naming(("コミナティ（5〜11歳用、BA.4-5）", "COMIRNATY BA.4-5 5-11"), PFIZER, 301, "XM8NQ0")
            }
            Self::ComirnatyBa45Infant => {
                naming(("コミナティ（6ヵ月〜4歳用、BA.4-5）", "COMIRNATY BA.4-5 6M-4Y"), PFIZER, 302, "XM8NQ0")
            }
            Self::Spikevax => naming(("スパイクバックス", "Spikevax"), MODERNA, 207, "XM3DT5"),
            Self::SpikevaxBa1 => naming(("スパイクバックス（BA.1）", "Spikevax BA.1"), MODERNA, 519, "XM3DT5"),
            Self::SpikevaxBa45 => naming(("スパイクバックス（BA.4-5）", "Spikevax BA.4-5"), MODERNA, 229, "XM3DT5"),
            Self::Nuvaxovid => naming(
                ("ヌバキソビッド", "Nuvaxovid"),
                ("武田薬品工業（ノババックス）", "Takeda (Novavax)"),
                211,
                "XM9T65",
            ),
            Self::Vaxzevria => {
                naming(("バキスゼブリア", "Vaxzevria"), ("アストラゼネカ", "AstraZeneca"), 210, "XM4YL8")
            }
            Self::Jcovden => naming(("ジェコビデン", "JCOVDEN"), ("ヤンセンファーマ", "Janssen"), 212, "XM6QV1"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_former_product_name_is_read_as_the_present_one() {
        let product: Product = serde_json::from_str("\"COVID-19ワクチンモデルナ\"").unwrap();
        assert_eq!(product.naming().english, "Spikevax");
    }
}
