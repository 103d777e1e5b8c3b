//! Nothing of a resident stays in the terminal once the dialogue is over: not in the memory of its process, not on the disk.
#![expect(clippy::expect_used, reason = "words that cannot be read end the test with a sentence")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use kiosk::text::{Language, Texts};
use kiosk::window::picture;
use shared::hidden::Bytes;
use tests::program;
use tests::visit::{Form, Visit, papers};
use tests::window::Window;
use tests::world::World;

/// What is looked for: what it is, and its bytes.
type Trace = (&'static str, Vec<u8>);

/// What is long enough not to be there by chance. The passport's number is not among it: the simulation tray shows it to
/// whoever tests, and keeps it.
fn traces(world: &World, id: &str) -> Vec<Trace> {
    let resident = world.resident(id);
    let roman = resident.names.roman.clone().expect("a resident with a name in Roman letters");
    let record = world.record(id);
    let lots = record.doses.iter().map(|dose| ("a lot", dose.lot.clone()));
    [
        ("the name", resident.names.kanji.clone()),
        ("the name without its blank", resident.names.kanji.replace([' ', '\u{3000}'], "")),
        ("the name in Roman letters", roman),
        ("the number", resident.my_number.clone()),
    ]
    .into_iter()
    .chain(lots)
    .map(|(what, text)| (what, text.into_bytes()))
    .collect()
}

/// The writable memory of a process now, piece by piece, with what its graphics driver holds in it.
fn memory(process: u32) -> Vec<Vec<u8>> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).expect("the process lives");
    let memory = File::open(format!("/proc/{process}/mem")).expect("the memory of a process of one's own");
    let mut pieces = Vec::new();
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (Some(range), Some(rights)) = (fields.next(), fields.next()) else { continue };
        if !rights.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-').expect("a range");
        let [from, to] = [from, to].map(|place| u64::from_str_radix(place, 16).expect("an address"));
        let mut bytes = vec![0; (to - from) as usize];
        // A device's memory that is mapped cannot be read this way.
        if memory.read_exact_at(&mut bytes, from).is_ok() {
            pieces.push(bytes);
        }
    }
    pieces
}

/// Which of them stand in a memory.
fn found_in(memory: &[Vec<u8>], traces: &[Trace]) -> Vec<&'static str> {
    let is_there = |trace: &[u8]| memory.iter().any(|piece| contains(piece, trace));
    let mut found: Vec<_> = traces.iter().filter(|(_, trace)| is_there(trace)).map(|(what, _)| *what).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// What the preview's pictures are made of: lines of pixels with much on them, one in so many.
const LINES_APART: usize = 16;

/// Lines of pixels of a paper's front as the preview drew it, in both orders of colours that drivers keep.
fn lines_of_the_preview(paper: &Path) -> Vec<Trace> {
    let document = fs::read(paper).expect("the paper");
    let pages = picture::draw(Bytes::from(document));
    let front = pages.first().expect("a front");
    let bytes = front.size[0] * 4;
    // As many kinds of pixels as a line of letters has; ruled lines and empty ones are on every paper.
    let is_written = |line: &&[u8]| line.chunks_exact(4).collect::<BTreeSet<_>>().len() > 60;
    let lines: Vec<&[u8]> = front.pixels.chunks_exact(bytes).filter(is_written).step_by(LINES_APART).collect();
    assert!(lines.len() > 10, "{} lines of letters are on the front", lines.len());
    let turned = |line: &[u8]| {
        let mut line = line.to_vec();
        line.chunks_exact_mut(4).for_each(|pixel| pixel.swap(0, 2));
        line
    };
    lines.iter().flat_map(|line| [line.to_vec(), turned(line)]).map(|line| ("the preview", line)).collect()
}

fn contains(bytes: &[u8], trace: &[u8]) -> bool {
    memchr::memmem::find(bytes, trace).is_some()
}

/// Which of them stand in a file that the terminal wrote; the centre's own store and the cards' files are theirs.
fn found_on_disk(world: &World, traces: &[Trace]) -> Vec<String> {
    let is_the_terminals = |path: &Path| {
        let path = path.strip_prefix(world.path("")).unwrap_or(path).display().to_string();
        path.starts_with("paper") || path.starts_with("run/kiosk") || path.starts_with("run/tmp")
    };
    let mut found = Vec::new();
    for file in world.files().into_iter().filter(|file| is_the_terminals(file)) {
        let bytes = fs::read(&file).expect("a file of the terminal");
        let here = traces.iter().filter(|(_, trace)| contains(&bytes, trace));
        found.extend(here.map(|(what, _)| format!("{what} in {}", file.display())));
    }
    found
}

#[test]
fn nothing_of_a_resident_stays_in_memory_or_on_the_disk() {
    let texts = Texts::load().expect("the words");
    let world = World::new();
    let _center = world.center();
    let visit = Visit::new(&world, "hanako", &texts, Language::English, Form::Overseas);
    let traces = traces(&world, "hanako");
    let mut window = Window::open(&world, "1280x800");
    visit.come(&mut window);
    let shown = found_in(&memory(window.process()), &traces);
    for what in ["the name", "the name in Roman letters", "a lot"] {
        assert!(shown.contains(&what), "{what} is on the screen and is not found: the search is blind ({shown:?})");
    }
    let front = visit.say("preview-front");
    window.press(&front, &format!("{front} A4"));
    let memory_then = memory(window.process());
    visit.pay_and_leave(&mut window);
    // The paper goes with the resident.
    let mut traces = traces;
    for paper in papers(&world) {
        traces.extend(lines_of_the_preview(&paper));
        fs::remove_file(paper).expect("the paper is taken");
    }
    assert!(found_in(&memory_then, &traces).contains(&"the preview"), "the search is blind to pictures");
    drop(memory_then);
    let process = window.process();
    let is_clean = || found_in(&memory(process), &traces).is_empty().then_some(());
    program::wait_for("a terminal's memory without the resident", 5, is_clean);
    assert_eq!(found_on_disk(&world, &traces), Vec::<String>::new());
}
