//! `paper_soak WHAT PAGES [SEED] [CLASS,…]`: pages through the channel and back; WHAT is one of [`WHAT`].
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line that reports")]

use std::num::NonZero;
use std::process::ExitCode;

use tests::ground;
use tests::paper_channel::Class;
use tests::sample::Works;
use tests::soak::{self, Extent};

/// What is soaked.
const WHAT: &str = "decode|destroyed|dense|codes|genuine|forgeries|originality|engines|words|ground";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |at: usize| arguments.get(at).map(String::as_str);
    let number = |at: usize, otherwise: u64| argument(at).map_or(Some(otherwise), |text| text.parse().ok());
    let chosen: Option<Vec<Class>> =
        argument(3).map_or_else(|| Some(Class::ALL.to_vec()), |names| names.split(',').map(Class::parse).collect());
    let (Some(what), Some(pages), Some(seed), Some(classes)) = (argument(0), number(1, 100), number(2, 1), chosen)
    else {
        eprintln!("usage: paper_soak {WHAT} PAGES [SEED] [CLASS,…]");
        return ExitCode::from(2);
    };
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let extent = Extent { pages: pages as usize, seed, threads };
    let works = Works::new();
    if what == "ground" {
        print!("{}", ground_table(&ground::contrasts(extent)));
        return ExitCode::SUCCESS;
    }
    if what == "words" {
        print!("{}", ground_table(&soak::copy_words(&works, &classes, extent)));
        return ExitCode::SUCCESS;
    }
    if what == "codes" {
        let scans = soak::codes(&works, &classes, extent);
        println!("codes of {pages} certificates a class from seed {seed}:\n\n{}\n", soak::codes_table(&scans));
        for unread in soak::codes_unread(&scans) {
            println!("failed: {unread}");
        }
        return ExitCode::SUCCESS;
    }
    if what == "originality" || what == "engines" {
        let judged =
            if what == "engines" { soak::engines(&works, extent) } else { soak::originality(&works, &classes, extent) };
        println!("{what}, {pages} pages a class from seed {seed}:\n\n{}\n", soak::originality_table(&judged));
        println!("an original scores higher than a copy in {:.4} of all pairs", soak::area_under_curve(&judged));
        let (original, copy) = soak::outermost(&judged, 0.05);
        println!("one of twenty originals scores less than {original:.2}, one of twenty copies more than {copy:.2}");
        return ExitCode::SUCCESS;
    }
    let (results, margin, beside) = match what {
        "decode" => (soak::decode(&works, &classes, extent), "wrong modules", "QR read"),
        "destroyed" => (soak::destroyed(&works, 0.4, extent), "wrong modules", "QR read"),
        "dense" => (soak::dense(&works, &classes, extent), "wrong modules", "whole"),
        "genuine" => {
            let of = |class: &Class| soak::genuine(&works, *class, extent);
            (classes.iter().flat_map(of).collect(), "deviation", "judged rightly")
        }
        "forgeries" => {
            let of = |class: &Class| soak::forgeries(&works, *class, extent);
            (classes.iter().flat_map(of).collect(), "deviation, of forged ones its inverse", "judged rightly")
        }
        _ => {
            eprintln!("{what} is not among {WHAT}");
            return ExitCode::from(2);
        }
    };
    println!("{what}, {pages} pages a class from seed {seed}:\n\n{}\n", soak::table(&results, margin, beside));
    for failure in soak::failures(&results) {
        println!("failed: {failure}");
    }
    ExitCode::SUCCESS
}

/// Least, middle and greatest of each row.
fn ground_table(contrasts: &[(String, f64)]) -> String {
    let mut lines = vec!["| printer | N | least | median | greatest |".to_owned(), "|---|---|---|---|---|".to_owned()];
    for row in contrasts.chunk_by(|one, other| one.0 == other.0) {
        let at = |place: usize| row.get(place).map_or(f64::NAN, |(_, value)| *value);
        let (name, count) = (row.first().map_or("", |(name, _)| name), row.len());
        lines.push(format!("| {name} | {count} | {:.2} | {:.2} | {:.2} |", at(0), at(count / 2), at(count - 1)));
    }
    lines.join("\n") + "\n"
}
