//! Four failures that happened in the real service, each as a test that it cannot happen here.

use std::collections::BTreeSet;

use tests::crowd;
use tests::program;
use tests::terminal::{Application, journal};
use tests::world::{Plan, World};

/// Kawasaki, 2023-05-02: two applications within one second, the later overwrote the earlier.
#[test]
fn kawasaki_applications_of_the_same_instant_never_cross() {
    const TERMINALS: u32 = 8;
    let world = World::with(Plan { terminals: TERMINALS, ..Plan::default() });
    let _center = world.center();
    // The same two persons, alternating, at every terminal: any mix-up shows.
    let (hanako, sora) = (world.resident("hanako"), world.resident("sora"));
    let crowd: Vec<_> = [hanako, sora].into_iter().cycle().take(TERMINALS as usize).collect();
    let mut certificates = BTreeSet::new();
    for _ in 0..3 {
        let (papers, faults) = crowd::apply_at_once(&world, &crowd);
        assert!(faults.is_empty(), "{faults:?}");
        for resident in [hanako, sora] {
            let papers = &papers[resident.id.as_str()];
            assert_eq!(papers.len(), TERMINALS as usize / 2);
            for printed in papers {
                assert_eq!(crowd::mistakes(&world, resident, &printed.pdf), Vec::<String>::new());
                assert!(certificates.insert(printed.certificate.clone()), "a certificate stands twice");
                assert!(certificates.insert(printed.issuance.clone()), "an issuance stands twice");
            }
        }
    }
}

/// Munakata, 2023-06-28: the former user's paper came out of a terminal.
#[test]
fn munakata_a_terminal_keeps_nothing_of_an_ended_session() {
    let world = World::new();
    let _center = world.center();
    let hanako = world.resident("hanako");
    let before = world.files();
    let printed = Application::overseas(hanako).print(&world);
    let record = world.record("hanako");
    let kanji = hanako.names.kanji.clone();
    let passport = hanako.passport.as_ref().expect("a passport").number.clone();
    let mut traces = vec![kanji.clone(), kanji.replace('　', " "), hanako.my_number.clone(), passport];
    traces.extend(record.doses.iter().map(|dose| dose.lot.clone()));
    let paper = std::fs::read(&printed.pdf).expect("the paper");
    std::fs::remove_dir_all(world.path("paper")).expect("the resident takes the paper");
    let kept: Vec<_> = world
        .files()
        .difference(&before)
        .filter(|file| !file.display().to_string().contains("center"))
        .filter(|file| {
            let bytes = std::fs::read(file).unwrap_or_default();
            traces.iter().any(|trace| contains(&bytes, trace.as_bytes())) || contains(&bytes, &paper[..64])
        })
        .cloned()
        .collect();
    assert!(kept.is_empty(), "the terminal kept something in {kept:?}");
    for program in ["kiosk", "center"] {
        let log = world.log(program);
        assert!(!traces.iter().any(|trace| log.contains(trace)), "{program} logs something personal: {log}");
    }
    let taro = world.resident("taro");
    let next = Application::domestic(taro).print(&world);
    assert_eq!(crowd::mistakes(&world, taro, &next.pdf), Vec::<String>::new());
}

/// Munakata again: the repaired program had not reached that terminal.
#[test]
fn munakata_an_old_program_is_refused() {
    let world = World::new();
    world.configure("center.toml", "minimum_build = \"0.1.0\"", "minimum_build = \"9.0.0\"");
    let _center = world.center();
    let answer = Application::domestic(world.resident("hanako")).apply(&world);
    assert_eq!(answer.refusal(), (12, "terminal-outdated"), "{answer:?}");
}

/// Yokohama, 2023-03-27: a print that outlived its time-out came out in the middle of the next person's session.
#[test]
fn yokohama_a_print_that_outlives_its_time_is_cancelled_whole() {
    let world = World::new();
    let _center = world.center();
    let quick = std::fs::read_to_string(world.path("kiosk.toml")).expect("a configuration");
    world.append("kiosk.toml", "[printer]\nmilliseconds_a_side = 700\n[limits]\nprint_seconds = 1");
    let (hanako, taro) = (world.resident("hanako"), world.resident("taro"));
    for copies in [1, 2] {
        let answer = Application::domestic(hanako).copies(copies).coins("500").apply(&world);
        assert_eq!(answer.refusal(), (14, "printer-too-slow"), "{answer:?}\n{}", world.log("kiosk"));
        let back: i64 = answer.events.iter().filter_map(|event| event["amount"].as_i64()).sum();
        assert_eq!(back, 500, "{answer:?}");
    }
    // Another person comes while the late print would still have been running.
    std::fs::write(world.path("kiosk.toml"), quick).expect("a quick printer");
    let next = Application::domestic(taro).print(&world);
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let papers = world.files().into_iter().filter(|file| file.display().to_string().ends_with(".certificate.pdf"));
    assert_eq!(papers.collect::<Vec<_>>(), std::slice::from_ref(&next.pdf), "a page came late");
    assert_eq!(crowd::mistakes(&world, taro, &next.pdf), Vec::<String>::new());
    let records = journal(&world, "kiosk.toml");
    let refunds = records.iter().filter(|record| record["state"] == "refunded" && record["returned"] == 120);
    assert_eq!(refunds.count(), 1, "{records:?}");
    assert!(records.iter().any(|record| record["state"] == "refunded" && record["returned"] == 240), "{records:?}");
    world.assert_audit_whole();
}

/// Takamatsu, 2024-04-04: a program for one server ran on several.
#[test]
fn takamatsu_a_second_centre_on_the_same_store_is_refused_at_start() {
    let world = World::new();
    let _center = world.center();
    let mut second = program::Running::start(
        world.command("center", &["serve", "--config", "center.toml"]).stdout(std::process::Stdio::null()),
    );
    assert!(second.wait(10) > 0, "two centres work on one store");
    // The first one is none the worse for it.
    Application::domestic(world.resident("hanako")).print(&world);
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
