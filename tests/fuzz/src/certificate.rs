//! The entry function for certificates: any bytes against the centre's checks of path, profile and revocation.

use std::path::Path;

use center::config::TrustSection;
use center::holder::authority::Authority;
use jiff::Timestamp;

/// The user-authentication authority of a fictitious world, at that world's time.
pub struct Certificates {
    authority: Authority,
    now: Timestamp,
}

impl Certificates {
    /// From a world's folder.
    pub fn open(folder: &Path) -> Self {
        let section = TrustSection {
            authentication_authority: folder.join("pki/jpki-authentication-ca.pem"),
            authentication_revocations: folder.join("pki/jpki-authentication.crl"),
            authentication_policy: "1.2.392.200149.8.5.1.0.30".to_owned(),
            card_authority: folder.join("pki/card-authority.pub.pem"),
        };
        let authority = Authority::read(&section).expect("an authority");
        Self { authority, now: "2022-10-03T01:00:00Z".parse().expect("an instant") }
    }

    /// What is accepted is of the profile; nothing else happens.
    pub fn enter(&self, data: &[u8]) {
        let is_of_profile = self.authority.is_of_profile(data);
        let is_accepted = self.authority.verify(data, self.now).is_ok();
        assert!(is_of_profile || !is_accepted);
    }
}
