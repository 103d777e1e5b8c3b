//! What an upload showed, as JSON: the report of `center verify`, and pictures to look at.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::inspecting::Inspected;
use crate::http::refusal::Answer;
use crate::inspection::intake::apart::{Drawing, Upload};
use crate::inspection::intake::{IntakeError, views};
use crate::inspection::report::Words;
use crate::raster::Raster;

/// Pages of all files together that are read.
const MAXIMUM_PAGES: usize = 6;

/// The whole answer.
#[derive(Serialize)]
pub(super) struct Verification<R> {
    #[serde(flatten)]
    report: R,
    /// The verdict in a sentence.
    summary: Words,
    /// What became of each file, in the order of the upload.
    files: Vec<FileAnswer>,
    /// The decoded front, the presented front as it lies over it, and each page in each view.
    pictures: Vec<Picture>,
}

#[derive(Serialize)]
struct FileAnswer {
    /// Pages that were read.
    pages: usize,
    /// Why there are none.
    problem: Option<Problem>,
    /// What else a clerk should know.
    note: Option<Words>,
}

#[derive(Serialize)]
struct Problem {
    code: &'static str,
    #[serde(flatten)]
    words: Words,
}

#[derive(Serialize)]
struct Picture {
    kind: Kind,
    /// Of a page: the file's number, and the page's in it, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<(usize, usize)>,
    /// Of a page: which way it is seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    view: Option<views::View>,
    media_type: &'static str,
    /// The file in base 64.
    data: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// The front as it was issued, drawn anew.
    IssuedFront,
    /// The presented front, laid over the issued one: the places of differences are places on both.
    PresentedFront,
    /// A page as it was uploaded.
    Page,
}

const ACTIVE: Words = Words {
    japanese: "このPDFにはスクリプトなどの動作が含まれています（実行していません）。発行した証明書には含まれません。",
    english: "This PDF holds scripts or actions; they were not run. A certificate as issued holds none.",
};

impl Picture {
    fn new(kind: Kind, jpeg: &[u8]) -> Self {
        Self { kind, page: None, view: None, media_type: "image/jpeg", data: STANDARD.encode(jpeg) }
    }
}

/// Draws the files, inspects their pages, and puts together what they showed.
pub(super) fn verify<R>(
    files: Vec<Vec<u8>>,
    drawing: &Drawing,
    inspect: impl FnOnce(&[Raster]) -> Answer<Inspected<R>>,
) -> Answer<Verification<R>> {
    let drawn: Vec<Result<Upload, IntakeError>> = files.into_iter().map(|file| drawing.draw(file)).collect();
    let (mut answers, mut pages, mut pictures) = (Vec::new(), Vec::new(), Vec::new());
    for (number, drawn) in (1..).zip(drawn) {
        let room = MAXIMUM_PAGES - pages.len();
        answers.push(FileAnswer::of(&drawn, room));
        for (page, uploaded) in (1..).zip(drawn.into_iter().flat_map(|upload| upload.pages).take(room)) {
            pages.push(uploaded.grey);
            pictures.extend(uploaded.views.into_iter().map(|view| Picture {
                page: Some((number, page)),
                view: Some(view.view),
                ..Picture::new(Kind::Page, &view.jpeg)
            }));
        }
    }
    let Inspected { report, summary, front, presented } = inspect(&pages)?;
    let issued = front.and_then(|pdf| views::picture_of_first_page(&pdf));
    let presented = presented.and_then(|front| views::picture_of(&front));
    let fronts = [(Kind::IssuedFront, issued), (Kind::PresentedFront, presented)];
    let fronts = fronts.into_iter().filter_map(|(kind, jpeg)| Some(Picture::new(kind, &jpeg?)));
    let pictures = fronts.chain(pictures).collect();
    Ok(Verification { summary, report, files: answers, pictures })
}

impl FileAnswer {
    fn of(drawn: &Result<Upload, IntakeError>, room: usize) -> Self {
        match drawn {
            Ok(upload) => Self {
                pages: upload.pages.len().min(room),
                problem: None,
                note: upload.has_active_content.then_some(ACTIVE),
            },
            Err(error) => {
                Self { pages: 0, problem: Some(Problem { code: error.code(), words: error.words() }), note: None }
            }
        }
    }
}
