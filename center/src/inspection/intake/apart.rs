//! Uploads are drawn in a process of their own, which may use so much memory and time and no more.
//!
//! What an upload holds is nobody's friend, and what draws it is foreign code. A process that fails, loops or asks for
//! too much ends alone: `center draw-upload` reads a file from standard input and writes what it saw to standard output,
//! a header of JSON in a line and then the bytes it announces.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use lopdf::{Document, Object};
use rustix::process::{Resource, Rlimit, nice, setrlimit};
use serde::{Deserialize, Serialize};

use super::views::{self, Look, PageView, View};
use super::{IntakeError, MAXIMUM_FILE_BYTES, MAXIMUM_PIXELS, colored_pages, structure};
use crate::raster::Raster;

/// Memory that drawing one file may use: the largest page in colour, its views, and room to decode.
pub const MAXIMUM_MEMORY: u64 = 2 << 30;
/// Processor time that drawing one file may use.
pub const MAXIMUM_SECONDS: u64 = 20;
/// Time after which the process is ended from outside, whatever it waits for.
const PATIENCE: Duration = Duration::from_secs(90);
/// How far drawing steps back behind issuing.
const NICENESS: i32 = 5;
/// A page has at least this many pixels along its longer side: A4 at 50 dpi.
const MINIMUM_SIDE: usize = 580;
/// The most that the process may say.
const MAXIMUM_ANSWER: u64 = 512 << 20;

/// The program that draws uploads.
#[derive(Debug, Clone)]
pub struct Drawing {
    program: PathBuf,
}

/// What an upload showed.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its pages.
    pub pages: Vec<UploadedPage>,
    /// Whether it holds scripts or starts programs. They were not run.
    pub has_active_content: bool,
}

/// A page of an upload.
#[derive(Clone, PartialEq, Eq)]
pub struct UploadedPage {
    /// For reading.
    pub grey: Raster,
    /// For looking at.
    pub views: Vec<PageView>,
}

shared::hidden_debug!(Upload, UploadedPage);

/// The line before the bytes.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    pages: Vec<PageHeader>,
    has_active_content: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct PageHeader {
    width: usize,
    height: usize,
    views: Vec<(View, usize)>,
}

impl Drawing {
    /// By this program: the centre itself.
    pub const fn by(program: PathBuf) -> Self {
        Self { program }
    }

    /// Draws an upload.
    pub fn draw(&self, file: Vec<u8>) -> Result<Upload, IntakeError> {
        if file.len() > MAXIMUM_FILE_BYTES {
            return Err(IntakeError::TooLarge);
        }
        let mut child = Command::new(&self.program)
            .arg("draw-upload")
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(IntakeError::Read)?;
        let answer = converse(&mut child, file);
        // However the conversation ended: the process must not outlive it.
        drop(child.kill());
        let status = child.wait().map_err(IntakeError::Read)?;
        match status.code() {
            Some(0) | None => answer?.ok_or(IntakeError::Failed),
            Some(code) => Err(refusal(code)),
        }
    }
}

/// Hands the file over and reads what comes back, for so long; `None` if what comes back is not an answer.
fn converse(child: &mut Child, file: Vec<u8>) -> Result<Option<Upload>, IntakeError> {
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(IntakeError::Failed);
    };
    let (sender, receiver) = sync_channel(1);
    let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
    let hand_over = move || {
        // A process that ended early does not read to the end; its status says why.
        drop(input.write_all(&file));
    };
    thread("upload").spawn(hand_over).map_err(IntakeError::Read)?;
    let listen = move || drop(sender.send(parse(output)));
    thread("drawing").spawn(listen).map_err(IntakeError::Read)?;
    receiver.recv_timeout(PATIENCE).map_err(|_late| IntakeError::Failed)
}

fn parse(output: impl Read) -> Option<Upload> {
    let mut output = BufReader::new(output.take(MAXIMUM_ANSWER));
    let mut line = String::new();
    output.read_line(&mut line).ok()?;
    let header: Header = serde_json::from_str(&line).ok()?;
    let mut take = |length: usize| {
        let mut bytes = Vec::new();
        output.by_ref().take(length as u64).read_to_end(&mut bytes).ok()?;
        (bytes.len() == length).then_some(bytes)
    };
    let mut pages = Vec::new();
    for PageHeader { width, height, views } in header.pages {
        let pixels = width.checked_mul(height).filter(|&pixels| pixels as u64 <= MAXIMUM_PIXELS)?;
        let grey = Raster::new(width, height, take(pixels)?)?;
        let views = views.into_iter().map(|(view, length)| Some(PageView { view, jpeg: take(length)? }));
        pages.push(UploadedPage { grey, views: views.collect::<Option<_>>()? });
    }
    Some(Upload { pages, has_active_content: header.has_active_content })
}

/// Exit statuses of the process; any other is a failure.
const STATUSES: [(i32, fn() -> IntakeError); 4] = [
    (3, || IntakeError::TooLarge),
    (4, || IntakeError::TooSmall),
    (5, || IntakeError::Encrypted),
    (6, || IntakeError::Unsupported),
];

fn refusal(status: i32) -> IntakeError {
    STATUSES.iter().find(|(known, _)| *known == status).map_or(IntakeError::Failed, |(_, error)| error())
}

/// The other end: draws what comes in under limits, and gives the exit status.
pub fn draw_upload(input: impl Read, output: impl Write) -> u8 {
    if confine().is_err() {
        return 1;
    }
    let answer = receive(input).and_then(|file| super::contained(move || draw(file))?);
    match answer {
        Ok(upload) => u8::from(send(&upload, output).is_err()),
        Err(error) => {
            STATUSES.iter().find(|(_, of)| of().code() == error.code()).map_or(1, |(status, _)| *status as u8)
        }
    }
}

/// From here on the process may use no more than its share, and writes no files.
fn confine() -> rustix::io::Result<()> {
    let limit = |most| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::As, limit(MAXIMUM_MEMORY))?;
    setrlimit(Resource::Cpu, limit(MAXIMUM_SECONDS))?;
    setrlimit(Resource::Fsize, limit(0))?;
    setrlimit(Resource::Core, limit(0))?;
    nice(NICENESS).map(|_| ())
}

fn receive(input: impl Read) -> Result<Vec<u8>, IntakeError> {
    let mut file = Vec::new();
    input.take(MAXIMUM_FILE_BYTES as u64 + 1).read_to_end(&mut file).map_err(IntakeError::Read)?;
    Ok(file)
}

fn draw(file: Vec<u8>) -> Result<Upload, IntakeError> {
    let document = structure(&file)?;
    let has_active_content = document.as_ref().is_some_and(is_active);
    let drawn = colored_pages(file)?;
    let pages: Vec<UploadedPage> = drawn
        .iter()
        .zip(views::looks(&drawn, document))
        .map(|(page, looks)| {
            let grey = page.grey().ok_or(IntakeError::Failed)?;
            Ok(UploadedPage { grey, views: looks.iter().filter_map(Look::jpeg).collect() })
        })
        .collect::<Result<_, IntakeError>>()?;
    let is_page = |page: &UploadedPage| page.grey.width().max(page.grey.height()) >= MINIMUM_SIDE;
    if pages.is_empty() {
        Err(IntakeError::Unsupported)
    } else if pages.iter().all(is_page) {
        Ok(Upload { pages, has_active_content })
    } else {
        Err(IntakeError::TooSmall)
    }
}

/// Whether a PDF would do something by itself in a reader that lets it.
fn is_active(document: &Document) -> bool {
    const ACTIVE: [&[u8]; 5] = [b"JavaScript", b"Launch", b"SubmitForm", b"ImportData", b"GoToR"];
    document.objects.values().any(|object| {
        let dictionary = match object {
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(stream) => &stream.dict,
            _ => return false,
        };
        dictionary.has(b"JS")
            || dictionary.has(b"AA")
            || dictionary.get(b"S").and_then(Object::as_name).is_ok_and(|action| ACTIVE.contains(&action))
            || dictionary.get(b"OpenAction").is_ok_and(|action| action.as_dict().is_ok_and(|action| action.has(b"S")))
    })
}

fn send(upload: &Upload, mut output: impl Write) -> std::io::Result<()> {
    let pages = upload.pages.iter().map(|page| PageHeader {
        width: page.grey.width(),
        height: page.grey.height(),
        views: page.views.iter().map(|view| (view.view, view.jpeg.len())).collect(),
    });
    let header = Header { pages: pages.collect(), has_active_content: upload.has_active_content };
    serde_json::to_writer(&mut output, &header)?;
    output.write_all(b"\n")?;
    for page in &upload.pages {
        for y in 0..page.grey.height() {
            output.write_all(page.grey.row(y))?;
        }
        for view in &page.views {
            output.write_all(&view.jpeg)?;
        }
    }
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_comes_through_the_pipe_as_it_was_drawn() {
        let view = PageView { view: View::Copy, jpeg: vec![1, 2, 3] };
        let grey = Raster::from_pixels(7, 5, |x, y| (x * 9 + y) as u8);
        let upload = Upload { pages: vec![UploadedPage { grey, views: vec![view] }], has_active_content: true };
        let mut said = Vec::new();
        send(&upload, &mut said).unwrap();
        assert!(parse(said.as_slice()) == Some(upload));
        for length in [0, 10, said.len() - 1] {
            assert!(parse(said.split_at(length).0).is_none(), "{length}");
        }
        assert!(
            parse(&br#"{"pages":[{"width":99999999,"height":99999999,"views":[]}],"has_active_content":false}"#[..])
                .is_none()
        );
    }

    #[test]
    fn every_refusal_comes_back_as_itself() {
        for (status, error) in STATUSES {
            assert_eq!(refusal(status).code(), error().code());
        }
        assert_eq!(refusal(101).code(), IntakeError::Failed.code());
    }

    #[test]
    fn tiny_files_are_told_apart_from_broken_ones() {
        let picture = |width, height| {
            let mut file = std::io::Cursor::new(Vec::new());
            image::GrayImage::new(width, height).write_to(&mut file, image::ImageFormat::Png).unwrap();
            file.into_inner()
        };
        assert!(matches!(draw(picture(1, 1)), Err(IntakeError::TooSmall)));
        assert!(draw(picture(600, 800)).is_ok_and(|upload| upload.pages.len() == 1));
        assert!(matches!(draw(b"%PDF-1.7 nothing".to_vec()), Err(IntakeError::Unsupported)));
    }

    #[test]
    fn scripts_are_noticed() {
        let mut document = Document::with_version("1.7");
        assert!(!is_active(&document));
        document.add_object(lopdf::dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("app.alert(1)") });
        assert!(is_active(&document));
    }
}
