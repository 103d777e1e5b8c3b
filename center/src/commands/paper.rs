//! How paper looks: pictures of each page to the eye, to an infrared camera and on a copy.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use center::inspection::intake::views::{self, View};
use center::inspection::intake::{self, IntakeError};
use serde_json::json;

use super::Outcome;
use crate::print_line;

/// Why there are no pictures.
#[derive(Debug, thiserror::Error)]
enum ViewsError {
    /// The file is not a page.
    #[error("{0}")]
    Intake(#[from] IntakeError),
    /// A picture cannot be made into a file.
    #[error("a picture cannot be encoded as PNG")]
    Picture,
    /// The folder for the pictures, or one of them, cannot be written.
    #[error("{0} cannot be written: give a folder with --out that can")]
    Unwritable(PathBuf, #[source] std::io::Error),
}

/// Writes a PNG file of each page and view of a file, named after it, and says where each lies.
pub(crate) fn views(file: &Path, out: Option<&Path>) -> Outcome {
    let bytes = intake::bytes(file)?;
    let pages = views::of_file(bytes).map_err(ViewsError::from)?;
    let folder = out.or_else(|| file.parent()).unwrap_or_else(|| Path::new(""));
    let unwritable = |path: &Path| {
        let path = path.to_owned();
        move |error| ViewsError::Unwritable(path, error)
    };
    if !folder.as_os_str().is_empty() {
        std::fs::create_dir_all(folder).map_err(unwritable(folder))?;
    }
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    for (page, looks) in (1..).zip(&pages) {
        for look in looks {
            let name = look.view.name();
            let picture = folder.join(format!("{stem}.{page}.{name}.png"));
            std::fs::write(&picture, look.png().ok_or(ViewsError::Picture)?).map_err(unwritable(&picture))?;
            print_line(&json!({ "event": "view", "page": page, "view": name, "picture": picture }))?;
        }
        if !looks.iter().any(|look| look.view == View::Infrared) {
            let reason = "a scan does not tell black toner from colour; give the PDF";
            print_line(&json!({ "event": "no-view", "page": page, "view": "infrared", "reason": reason }))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
