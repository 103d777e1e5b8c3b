//! Many residents at many terminals at the same time, and whose paper is whose.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::paper;
use crate::program::Running;
use crate::terminal::{Answer, Application, Printed};
use crate::world::{Resident, World};

/// How often one resident tries again when told that the centre is crowded.
const MAXIMUM_TRIES: usize = 20;

/// How long one try may take.
const TRY_SECONDS: u64 = 120;

/// Lets each resident apply at a terminal of their own, all at once; whoever is told to come back does.
///
/// Gives the printed papers by resident, and what went wrong otherwise.
#[track_caller]
pub fn apply_at_once<'a>(world: &World, residents: &[&'a Resident]) -> (BTreeMap<&'a str, Vec<Printed>>, Vec<String>) {
    let mut waiting: Vec<(usize, &'a Resident)> = (1..).zip(residents.iter().copied()).collect();
    let (mut papers, mut faults) = (BTreeMap::<_, Vec<_>>::new(), Vec::new());
    for _ in 0..MAXIMUM_TRIES {
        let running: Vec<_> = waiting.iter().map(|(place, resident)| start(world, *place, resident)).collect();
        let mut again = Vec::new();
        for ((place, resident), mut terminal) in waiting.into_iter().zip(running) {
            let answer = end(world, place, &mut terminal);
            match (answer.printed(world), answer.code()) {
                (Some(printed), _) => papers.entry(resident.id.as_str()).or_default().push(printed),
                (None, Some("busy" | "rate-limited")) => again.push((place, resident)),
                (None, _) => faults.push(format!("{}: {answer:?}", resident.id)),
            }
        }
        if again.is_empty() {
            return (papers, faults);
        }
        waiting = again;
    }
    faults.extend(waiting.iter().map(|(_, resident)| format!("{}: the centre was always crowded", resident.id)));
    (papers, faults)
}

/// What a resident asks for in a crowd: the overseas form where a passport is registered.
pub fn application(resident: &Resident) -> Application {
    if resident.passport.is_some() { Application::overseas(resident) } else { Application::domestic(resident) }
}

fn start(world: &World, place: usize, resident: &Resident) -> Running {
    application(resident).at(&format!("{place:04}")).start(world, &format!("crowd-{place:04}.events"))
}

#[track_caller]
fn end(world: &World, place: usize, terminal: &mut Running) -> Answer {
    let status = terminal.wait(TRY_SECONDS);
    let events = std::fs::read(world.path(format!("run/crowd-{place:04}.events"))).expect("the events");
    Answer::read(status, &events)
}

/// What is wrong with a paper that should be this resident's, judged by its text and everybody's records.
pub fn mistakes(world: &World, resident: &Resident, pdf: &Path) -> Vec<String> {
    let front = paper::run_together(&paper::text(pdf, 1));
    let name = |who: &Resident| paper::run_together(&who.names.kanji);
    let own = name(resident);
    let mut found = Vec::new();
    if !front.contains(&own) {
        found.push(format!("the name of {} is missing", resident.id));
    }
    if let Some(passport) = &resident.passport
        && !front.contains(&passport.number)
    {
        found.push(format!("the passport number of {} is missing", resident.id));
    }
    for other in world.residents().iter().filter(|other| other.id != resident.id) {
        if name(other) != own && !own.contains(&name(other)) && front.contains(&name(other)) {
            found.push(format!("{} stands on the paper of {}", other.id, resident.id));
        }
        if other.passport.as_ref().is_some_and(|passport| front.contains(&passport.number)) {
            found.push(format!("the passport of {} stands on the paper of {}", other.id, resident.id));
        }
    }
    found
}

/// Goes on in rounds until the time is up; gives how many.
pub fn rounds(duration: Duration, mut round: impl FnMut(u32)) -> u32 {
    let deadline = Instant::now() + duration;
    let mut count = 0;
    loop {
        count += 1;
        round(count);
        if Instant::now() >= deadline {
            return count;
        }
    }
}
