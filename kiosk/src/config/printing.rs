//! What prints certificates, and how long it may take.

use std::path::PathBuf;

use serde::Deserialize;

use super::Profile;

/// What prints certificates.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printer {
    /// Its address, `ipp://HOST/ipp/print` or `ipps://…`; without it, a folder stands for the tray.
    pub uri: Option<String>,
    /// The one authority that an `ipps` printer's certificate may come from.
    pub authority: Option<PathBuf>,
    /// Whether its count of finished sides follows the paper; where it does not, staff looks after every broken print.
    #[serde(default)]
    pub counts_sides: bool,
    /// How long the folder takes over a side, to stand for a slow printer.
    #[serde(default)]
    pub milliseconds_a_side: u64,
}

/// How long things may take.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// A print, in seconds; then it is stopped whole and the fee comes back.
    pub print_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { print_seconds: 150 }
    }
}

/// With the twenty seconds that a stop may take, every print ends within three minutes.
const LONGEST_PRINT_SECONDS: u64 = 155;

/// What is wrong with the printer or its time.
pub(super) fn rule(printer: &Printer, limits: Limits, profile: Profile) -> Option<&'static str> {
    let uri = printer.uri.as_deref().map(reqwest::Url::parse);
    let (scheme, is_near) = match &uri {
        None => ("", true),
        Some(Err(_)) => return Some("[printer] uri is no address: ipp://HOST:PORT/ipp/print is right"),
        Some(Ok(url)) => (url.scheme(), url.host_str().is_some_and(is_loopback)),
    };
    match (scheme, profile) {
        ("" | "ipp" | "ipps", _) if !(1..=LONGEST_PRINT_SECONDS).contains(&limits.print_seconds) => {
            Some("[limits] print_seconds is 1 to 155: with the stop, a print must end within three minutes")
        }
        ("", Profile::Production) if printer.milliseconds_a_side > 0 => {
            Some("[printer] milliseconds_a_side belongs to the profile test")
        }
        ("", _) if printer.authority.is_some() => Some("[printer] authority belongs to an ipps uri"),
        ("ipp", Profile::Production) if !is_near => {
            Some("[printer] a printer on the network is spoken to by ipps: certificates hold personal data")
        }
        ("ipps", _) if printer.authority.is_none() => Some("[printer] an ipps printer needs authority"),
        ("" | "ipp" | "ipps", _) => None,
        _ => Some("[printer] uri starts with ipp:// or ipps://"),
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
