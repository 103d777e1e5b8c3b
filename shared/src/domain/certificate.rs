//! What a certificate says: the content that is printed, shown before paying, and encoded.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::identifiers::{CertificateId, MunicipalityCode};
use super::passport::{Passport, PassportNumber};
use super::person::Sex;
use super::vaccine::Product;

/// The most doses a page can carry.
pub const MAXIMUM_DOSES: usize = 8;

/// Which certificate is asked for; it decides which proof of the holder the centre wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateKind {
    /// 新型コロナウイルス感染症予防接種証明書
    Vaccination,
}

/// How the holder proves who stands at the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProofProfile {
    /// 券面事項入力補助 application: number and attributes signed by the card's issuer, challenge signed by the card.
    InputSupport,
    /// 公的個人認証 application: challenge signed with the user-authentication key.
    AuthenticationCertificate,
}

/// The form of the vaccination certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Domestic (国内用): one code.
    Domestic,
    /// Overseas and domestic (海外用及び日本国内用): passport data and two codes.
    Overseas,
}

/// One dose as printed. Products are printed by their present names.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrintedDose {
    /// Which dose, from 1.
    pub number: u8,
    /// Day of vaccination.
    #[schema(value_type = String, format = "date")]
    pub date: Date,
    /// Product.
    pub product: Product,
    /// Lot, as recorded.
    pub lot: String,
    /// Three-letter country of vaccination (ISO 3166-1), `JPN`.
    pub country: String,
}

/// What the overseas form adds from the passport's machine-readable zone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrintedPassport {
    /// Primary identifier.
    pub surname: String,
    /// Secondary identifier; may be empty.
    pub given: String,
    /// Three-letter nationality or region.
    pub nationality: String,
    /// Document number.
    pub number: PassportNumber,
}

impl From<&Passport> for PrintedPassport {
    fn from(passport: &Passport) -> Self {
        Self {
            surname: passport.surname.clone(),
            given: passport.given.clone(),
            nationality: passport.nationality.clone(),
            number: passport.number.clone(),
        }
    }
}

/// Every item that stands on the front of a vaccination certificate, in the order of the page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Which form.
    pub form: Form,
    /// Name in kanji as the card gives it.
    pub name: String,
    /// Date of birth.
    #[schema(value_type = String, format = "date")]
    pub birth_date: Date,
    /// Sex; not printed, encoded in the VDS-NC.
    pub sex: Sex,
    /// Passport data; present exactly on the overseas form.
    pub passport: Option<PrintedPassport>,
    /// The doses, by number.
    pub doses: Vec<PrintedDose>,
    /// The certificate's id.
    pub certificate: CertificateId,
    /// Date of issue in Japan.
    #[schema(value_type = String, format = "date")]
    pub issued_on: Date,
    /// The municipality whose mayor issues it.
    pub municipality: MunicipalityCode,
}

crate::hidden_debug!(PrintedDose, PrintedPassport, Content);
