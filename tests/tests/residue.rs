//! Nothing of a resident stays in the terminal once the dialogue is over: not in the memory of its process, not on the disk.
#![expect(clippy::expect_used, reason = "words that cannot be read end the test with a sentence")]

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use kiosk::text::{Language, Texts};
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

/// Which of them stand in the writable memory of a process now.
fn found_in_memory(process: u32, traces: &[Trace]) -> Vec<&'static str> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).expect("the process lives");
    let memory = File::open(format!("/proc/{process}/mem")).expect("the memory of a process of one's own");
    let mut found = Vec::new();
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (Some(range), Some(rights)) = (fields.next(), fields.next()) else { continue };
        if !rights.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-').expect("a range");
        let [from, to] = [from, to].map(|place| u64::from_str_radix(place, 16).expect("an address"));
        let mut bytes = vec![0; (to - from) as usize];
        // What the graphics driver has mapped cannot be read this way.
        if memory.read_exact_at(&mut bytes, from).is_err() {
            continue;
        }
        found.extend(traces.iter().filter(|(_, trace)| contains(&bytes, trace)).map(|(what, _)| *what));
    }
    found.sort_unstable();
    found.dedup();
    found
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
    let shown = found_in_memory(window.process(), &traces);
    for what in ["the name", "the name in Roman letters", "a lot"] {
        assert!(shown.contains(&what), "{what} is on the screen and is not found: the search is blind ({shown:?})");
    }
    visit.pay_and_leave(&mut window);
    // The paper goes with the resident.
    for paper in papers(&world) {
        fs::remove_file(paper).expect("the paper is taken");
    }
    let process = window.process();
    let is_clean = || found_in_memory(process, &traces).is_empty().then_some(());
    program::wait_for("a terminal's memory without the resident", 5, is_clean);
    assert_eq!(found_on_disk(&world, &traces), Vec::<String>::new());
}
