//! The centre's configuration file: read here and nowhere else.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Time;
use serde::Deserialize;
use shared::clock::{Clock, SystemClock, WorldClock};
use shared::domain::calibration::Calibration;
use shared::domain::certificate::{CertificateKind, ProofProfile};
use shared::domain::identifiers::TerminalId;

use crate::document::typeface::TypefaceFiles;

/// The whole file. Paths are absolute or relative to the file's folder; [`Config::read`] joins them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What may be trusted.
    pub profile: Profile,
    /// Where the centre listens.
    pub listen: Listen,
    /// A world's clock; without it, the machine's.
    pub clock: Option<ClockSection>,
    /// Records, issuances and the audit chain.
    pub store: StoreSection,
    /// The kiosk port's TLS.
    pub tls: TlsSection,
    /// Whose cards are accepted.
    pub trust: TrustSection,
    /// Keys that sign.
    pub signing: SigningSection,
    /// What is issued, and by which proof.
    pub certificates: Vec<CertificateSection>,
    /// Hours and the oldest program that may serve.
    #[serde(default)]
    pub service: ServiceSection,
    /// What one terminal and the whole centre may use.
    #[serde(default)]
    pub limits: LimitsSection,
    /// Where the typefaces lie; each has the place of its Debian package as default.
    #[serde(default)]
    pub fonts: TypefaceFiles,
    /// How each terminal's printer renders the ground pattern, as `kiosk calibrate` found; others count as typical.
    #[serde(default)]
    pub calibrations: BTreeMap<TerminalId, Calibration>,
    /// Where the process stops itself, for crash tests.
    #[serde(default)]
    pub fault: FaultSection,
}

/// What may be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Fictitious worlds: test authorities, a fixed clock and faults are allowed.
    Test,
    /// Real cards only.
    Production,
}

/// Where the centre listens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listen {
    /// Mutual TLS, for terminals.
    pub kiosk: SocketAddr,
    /// Plain HTTP, behind a proxy that ends TLS.
    pub public: SocketAddr,
    /// Plain HTTP for the municipal console, behind a proxy that ends TLS; without it there is none.
    pub console: Option<SocketAddr>,
    /// TLS for the phone app; without it there is no issue through the app.
    pub app: Option<SocketAddr>,
    /// A file that names the addresses, written when ready.
    pub announce: Option<PathBuf>,
}

/// A world's clock.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockSection {
    /// What it showed…
    pub stands_at: Timestamp,
    /// …when this file was last written.
    pub anchor: PathBuf,
}

/// Records, issuances and the audit chain.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreSection {
    /// The database.
    pub path: PathBuf,
    /// The head of the audit chain, kept outside the database.
    pub witness: PathBuf,
    /// Loaded when the store is made.
    pub initial_records: Option<PathBuf>,
    /// 64 hexadecimal digits: keys the pseudonym of a My Number.
    pub person_key: PathBuf,
    /// 64 hexadecimal digits: encrypts at rest.
    pub encryption_key: PathBuf,
}

/// The kiosk port's TLS.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsSection {
    /// The centre's certificate, PEM.
    pub certificate: PathBuf,
    /// Its key, PKCS#8 PEM.
    pub key: PathBuf,
    /// The authority of the terminals' certificates, PEM.
    pub client_authority: PathBuf,
}

/// Whose cards are accepted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustSection {
    /// The user-authentication authority, PEM; several generations may follow each other.
    pub authentication_authority: PathBuf,
    /// Its revocation list, DER.
    pub authentication_revocations: PathBuf,
    /// The policy that a user-authentication certificate must name.
    pub authentication_policy: String,
    /// Public key (RSA, SPKI PEM) over the CV certificates of card-data signers.
    pub card_authority: PathBuf,
}

/// Keys that sign.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningSection {
    /// Issuer of health cards, `https`, without a trailing slash.
    pub issuer: String,
    /// P-256, PKCS#8 PEM.
    pub health_card_key: PathBuf,
    /// Barcode signer certificate of VDS-NC, PEM.
    pub barcode_signer: PathBuf,
    /// Its P-256 key, PKCS#8 PEM.
    pub barcode_signer_key: PathBuf,
    /// Its authority, PEM.
    pub csca: PathBuf,
    /// P-256, PKCS#8 PEM: signs what a document is and whom it is for.
    pub binding_key: PathBuf,
    /// 64 hexadecimal digits: encrypts the scramble picture.
    pub scramble_key: PathBuf,
    /// P-256, PKCS#8 PEM: signs the scramble picture.
    pub scramble_signer_key: PathBuf,
}

/// What is issued, and by which proof.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateSection {
    /// The certificate.
    pub kind: CertificateKind,
    /// The proof.
    pub profile: ProofProfile,
}

/// Hours and the oldest program that may serve.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServiceSection {
    /// Opening, Japan time.
    pub opens: Time,
    /// Closing, Japan time.
    pub closes: Time,
    /// The oldest terminal program that may serve.
    pub minimum_build: Build,
}

/// What one terminal and the whole centre may use.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsSection {
    /// Requests of one terminal in a minute, and of all apps at one address.
    pub requests_per_minute: std::num::NonZeroU32,
    /// Connections open on each port.
    pub connections: usize,
    /// Requests worked on at once.
    pub concurrent_requests: usize,
    /// Issuances worked on at once; each waits for the disk most of the time.
    pub concurrent_issuances: usize,
    /// Issuances that may wait for their turn.
    pub waiting_issuances: usize,
    /// How long one may wait.
    pub wait_milliseconds: u64,
}

/// Where the process stops itself.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FaultSection {
    /// The point, reached once in the life of a store.
    pub stop_at: Option<FaultPoint>,
}

/// A point between two steps of an issuance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultPoint {
    /// The intent is durable, nothing was made.
    AfterIntent,
    /// The document was drawn and is nowhere but in memory.
    AfterRender,
    /// Document and binding are durable.
    AfterOutcomeStored,
    /// The answer is ready and not sent.
    BeforeAnswer,
}

/// A program's version, `0.1.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Build(u32, u32, u32);

/// Why the centre cannot start with this file.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file or one it names cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not what it should be; the source shows the line and what is expected.
    #[error("{} is not a valid configuration: {}", path.display(), source.to_string().replace('\n', " "))]
    Invalid {
        /// Which.
        path: PathBuf,
        /// Line, column and what would be right.
        source: toml::de::Error,
    },
    /// A value is well-formed and not allowed.
    #[error("{}: line {line}: {key} is not allowed: {expected}", path.display())]
    Refused {
        /// Which file.
        path: PathBuf,
        /// The key's line; 1 where it is absent.
        line: usize,
        /// The key.
        key: &'static str,
        /// What would be right.
        expected: &'static str,
    },
}

impl Config {
    /// Reads, checks and resolves a file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        let mut config: Self =
            toml::from_str(&text).map_err(|source| ConfigError::Invalid { path: path.to_owned(), source })?;
        if let Some((key, expected)) = config.objection() {
            return Err(ConfigError::Refused { path: path.to_owned(), line: line_of(&text, key), key, expected });
        }
        config.resolve(path.parent().unwrap_or(Path::new("")));
        config.check_authorities(path, &text)?;
        Ok(config)
    }

    /// The clock that everything in this process goes by.
    pub fn clock(&self) -> Result<Arc<dyn Clock>, ConfigError> {
        let Some(section) = &self.clock else { return Ok(Arc::new(SystemClock)) };
        let unreadable = |source| ConfigError::Unreadable { path: section.anchor.clone(), source };
        let modified = std::fs::metadata(&section.anchor).and_then(|file| file.modified()).map_err(unreadable)?;
        let anchor = Timestamp::try_from(modified)
            .map_err(|error| unreadable(std::io::Error::new(std::io::ErrorKind::InvalidData, error)))?;
        Ok(Arc::new(WorldClock::new(section.stands_at, anchor)))
    }

    /// A key that the rules between keys forbid, and what would be right.
    fn objection(&self) -> Option<(&'static str, &'static str)> {
        let issuer = &self.signing.issuer;
        let production = self.profile == Profile::Production;
        let limits = &self.limits;
        let rules = [
            (production && self.clock.is_some(), "stands_at", "the production profile goes by the machine's clock"),
            (production && self.fault.stop_at.is_some(), "stop_at", "the production profile has no faults"),
            (
                production && self.trust.authentication_policy.starts_with(TEST_POLICIES),
                "authentication_policy",
                "the production profile takes no test policy; 1.2.392.200149.8.5.1.3.30 would be right",
            ),
            (
                !issuer.starts_with("https://") || issuer.ends_with('/'),
                "issuer",
                "an https address without a trailing slash is expected",
            ),
            (self.certificates.is_empty(), "certificates", "at least one [[certificates]] is expected"),
            (self.service.opens >= self.service.closes, "closes", "a time after `opens` is expected"),
            (
                limits.connections == 0 || limits.concurrent_requests == 0 || limits.concurrent_issuances == 0,
                "limits",
                "each limit must be at least 1",
            ),
        ];
        rules.into_iter().find(|(broken, ..)| *broken).map(|(_, key, expected)| (key, expected))
    }

    fn resolve(&mut self, folder: &Path) {
        let StoreSection { path, witness, initial_records, person_key, encryption_key } = &mut self.store;
        let TlsSection { certificate, key, client_authority } = &mut self.tls;
        let trust = &mut self.trust;
        let signing = &mut self.signing;
        let fonts = &mut self.fonts;
        let always = [
            path,
            witness,
            person_key,
            encryption_key,
            certificate,
            key,
            client_authority,
            &mut trust.authentication_authority,
            &mut trust.authentication_revocations,
            &mut trust.card_authority,
            &mut signing.health_card_key,
            &mut signing.barcode_signer,
            &mut signing.barcode_signer_key,
            &mut signing.csca,
            &mut signing.binding_key,
            &mut signing.scramble_key,
            &mut signing.scramble_signer_key,
            &mut fonts.names,
            &mut fonts.text,
            &mut fonts.labels,
        ];
        let perhaps = [
            initial_records.as_mut(),
            self.listen.announce.as_mut(),
            self.clock.as_mut().map(|clock| &mut clock.anchor),
        ];
        for path in always.into_iter().chain(perhaps.into_iter().flatten()) {
            *path = folder.join(&*path);
        }
    }

    /// The production profile takes no authority of a test hierarchy.
    fn check_authorities(&self, path: &Path, text: &str) -> Result<(), ConfigError> {
        if self.profile == Profile::Test {
            return Ok(());
        }
        let authority = &self.trust.authentication_authority;
        let bytes =
            std::fs::read(authority).map_err(|source| ConfigError::Unreadable { path: authority.clone(), source })?;
        let is_test = pem::parse_many(bytes).unwrap_or_default().iter().any(|block| {
            x509_parser::parse_x509_certificate(block.contents()).is_ok_and(|(_, certificate)| {
                let mut organizations = certificate.subject().iter_organization();
                organizations.any(|organization| organization.as_str() == Ok(TEST_ORGANIZATION))
            })
        });
        if !is_test {
            return Ok(());
        }
        let key = "authentication_authority";
        let expected = "the production profile takes no test authority (O=JPKI-TEST); O=JPKI would be right";
        Err(ConfigError::Refused { path: path.to_owned(), line: line_of(text, key), key, expected })
    }
}

/// Organization of the test hierarchy.
const TEST_ORGANIZATION: &str = "JPKI-TEST";

/// The arc of its policies.
const TEST_POLICIES: &str = "1.2.392.200149.8.5.1.0.";

fn line_of(text: &str, key: &str) -> usize {
    text.lines().position(|line| line.trim_start().trim_start_matches('[').starts_with(key)).map_or(1, |line| line + 1)
}

impl Default for ServiceSection {
    fn default() -> Self {
        Self {
            opens: jiff::civil::time(6, 30, 0, 0),
            closes: jiff::civil::time(23, 0, 0, 0),
            minimum_build: Build(0, 1, 0),
        }
    }
}

impl Default for LimitsSection {
    fn default() -> Self {
        Self {
            requests_per_minute: std::num::NonZeroU32::new(600).unwrap_or(std::num::NonZeroU32::MIN),
            connections: 4096,
            concurrent_requests: 512,
            concurrent_issuances: 64,
            waiting_issuances: 256,
            wait_milliseconds: 2000,
        }
    }
}

impl Build {
    /// Parses `0.1.0`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| part.parse().ok());
        let build = Self(parts.next()??, parts.next()??, parts.next()??);
        parts.next().is_none().then_some(build)
    }
}

impl TryFrom<String> for Build {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("a version like 0.1.0 is expected")
    }
}

#[cfg(test)]
mod tests;
