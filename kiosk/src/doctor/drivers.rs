//! The reader drivers that are installed for the PC/SC service, as far as their files tell.

use std::fs;
use std::path::Path;

use super::shown::shown;

/// Where Debian keeps drivers of USB readers, one bundle each.
pub(super) const BUNDLES: &str = "/usr/lib/pcsc/drivers";

/// Where readers that are no USB devices are configured.
pub(super) const CONFIGURED: &str = "/etc/reader.conf.d";

/// The most entries that are looked at.
const MAXIMUM_ENTRIES: usize = 64;

/// The most bytes of a bundle's description.
const MAXIMUM_BYTES: u64 = 1 << 20;

/// A driver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Driver {
    pub(super) name: String,
    pub(super) version: Option<String>,
}

/// The drivers in both places, by name.
pub(super) fn installed(bundles: &Path, configured: &Path) -> Vec<Driver> {
    let mut drivers: Vec<Driver> = entries(bundles)
        .into_iter()
        .filter_map(|name| {
            let plain = name.strip_suffix(".bundle")?;
            Some(Driver { name: shown(plain), version: version(&bundles.join(&name)) })
        })
        .chain(entries(configured).into_iter().map(|name| Driver { name: shown(&name), version: None }))
        .collect();
    drivers.sort_by(|one, other| one.name.cmp(&other.name));
    drivers
}

fn entries(folder: &Path) -> Vec<String> {
    let listed = fs::read_dir(folder).into_iter().flatten().take(MAXIMUM_ENTRIES);
    listed.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
}

/// `CFBundleShortVersionString` of the bundle's description.
fn version(bundle: &Path) -> Option<String> {
    let path = bundle.join("Contents/Info.plist");
    if fs::metadata(&path).ok()?.len() > MAXIMUM_BYTES {
        return None;
    }
    let text = fs::read_to_string(path).ok()?;
    let (_, after) = text.split_once("<key>CFBundleShortVersionString</key>")?;
    let (_, value) = after.split_once("<string>")?;
    value.split_once("</string>").map(|(version, _)| shown(version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundles_and_configured_readers_are_named_with_their_version() {
        let folder = tempfile::tempdir().unwrap();
        let (bundles, configured) = (folder.path().join("drivers"), folder.path().join("conf"));
        let contents = bundles.join("ifd-test.bundle/Contents");
        fs::create_dir_all(&contents).unwrap();
        fs::create_dir_all(&configured).unwrap();
        fs::write(configured.join("virtual"), "").unwrap();
        let plist = "<key>CFBundleShortVersionString</key>\n\t<string>1.5\u{1b}</string>";
        fs::write(contents.join("Info.plist"), plist).unwrap();
        let expected = [
            Driver { name: "ifd-test".to_owned(), version: Some("1.5\\u{1b}".to_owned()) },
            Driver { name: "virtual".to_owned(), version: None },
        ];
        assert_eq!(installed(&bundles, &configured), expected);
        assert!(installed(Path::new("/no/such"), Path::new("/no/such")).is_empty());
    }
}
