//! The terminal is killed (SIGKILL) at random moments of busy sessions, recovery included, many times over: afterwards
//! no resident's money or page is unaccounted for.

use std::time::Instant;

use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore as _, SeedableRng as _};
use tests::crowd;
use tests::promises::assert_nobody_lost_at;
use tests::world::{Plan, Resident, World};

/// Terminals that work, and are killed, at the same time.
const TERMINALS: u32 = 4;

/// Named residents, who come first in a world and have stories of their own.
const NAMED: u32 = 14;

/// How often a terminal is killed: `INTERRUPTIONS=10000` in the long form, `make soak`.
fn interruptions() -> u32 {
    std::env::var_os("INTERRUPTIONS").and_then(|text| text.to_str()?.parse().ok()).unwrap_or(400)
}

#[test]
#[expect(clippy::print_stdout, reason = "the soak reports how much it did")]
fn no_random_death_of_a_terminal_loses_money_or_paper() {
    let world = World::with(Plan { seed: 7, residents: Some(TERMINALS + NAMED), terminals: TERMINALS });
    world.configure("center.toml", "requests_per_minute = 600", "requests_per_minute = 100000");
    let center = world.center();
    let residents: Vec<_> = world.residents().iter().skip(NAMED as usize).collect();
    let (there, times) = (&world, interruptions() / TERMINALS);
    let hit: u32 = std::thread::scope(|scope| {
        let places: Vec<_> = (1..)
            .zip(&residents)
            .map(|(place, resident)| scope.spawn(move || interrupt(there, place, resident, times)))
            .collect();
        places.into_iter().map(|place| place.join().expect("a terminal's resident")).sum()
    });
    // The next start of each terminal brings what is open to its end, and serves.
    for (place, resident) in (1..).zip(&residents) {
        let printed = crowd::application(resident).at(&name(place)).print(&world);
        assert_eq!(crowd::mistakes(&world, resident, &printed.pdf), Vec::<String>::new());
    }
    let configurations: Vec<_> = (1..=TERMINALS)
        .map(|place| if place == 1 { "kiosk.toml".to_owned() } else { format!("kiosk-{}.toml", name(place)) })
        .collect();
    let configurations: Vec<_> = configurations.iter().map(String::as_str).collect();
    let ends = assert_nobody_lost_at(&world, &configurations);
    center.stop();
    world.assert_audit_whole();
    println!("{hit} of {} kills met a living session; transactions ended: {ends:?}", interruptions());
    assert!(2 * hit > interruptions(), "most sessions were over before they were killed: {hit}");
    assert!(ends.len() >= 3, "the kills fell on too few kinds of moments: {ends:?}");
}

fn name(place: u32) -> String {
    format!("{place:04}")
}

/// Lets a resident come again and again, and kills the terminal each time at another moment; gives how often it was
/// still at work then.
fn interrupt(world: &World, place: u32, resident: &Resident, times: u32) -> u32 {
    let mut chance = ChaCha20Rng::seed_from_u64(u64::from(place));
    let application = crowd::application(resident).at(&name(place));
    let events = format!("interrupted-{place:04}.events");
    let began = Instant::now();
    application.print(world);
    let mut session = began.elapsed();
    let mut hits = 0;
    for _ in 0..times {
        let mut terminal = application.start(world, &events);
        // Evenly over a session; a start that has something to recover is killed in the middle of that as well.
        std::thread::sleep(session.mul_f64(f64::from(chance.next_u32()) / f64::from(u32::MAX)));
        let is_alive = terminal.ended().is_none();
        terminal.kill();
        hits += u32::from(is_alive);
        // How long a session takes changes with the machine's other work: about one kill in four comes too late.
        session = session.mul_f64(if is_alive { 1.03 } else { 0.91 });
    }
    hits
}
