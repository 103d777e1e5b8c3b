//! What the fuzz targets share: the entry functions, and a world to put cards and certificates from.

pub mod certificate;
pub mod entries;
pub mod recordings;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use entries::Surroundings;
use fixtures::world::{WorldOptions, build};

/// The world, made once and kept beside the build.
pub fn world() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/world");
        if !folder.join("world.json").is_file() {
            // Every target may be the first: made aside, then put in place.
            let aside = tempfile::tempdir_in(folder.parent().expect("a build folder")).expect("a folder");
            build(&aside.path().join("world"), WorldOptions::default()).expect("a world");
            // Another target may have been quicker.
            drop(std::fs::rename(aside.path().join("world"), &folder));
        }
        folder
    })
}

/// The card that the entries use.
pub fn surroundings() -> &'static Surroundings {
    static SURROUNDINGS: OnceLock<Surroundings> = OnceLock::new();
    SURROUNDINGS.get_or_init(|| Surroundings::open(world()))
}
