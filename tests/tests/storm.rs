//! Two hundred residents at two hundred terminals at the same moment: each gets their own paper, once.

use std::collections::BTreeSet;
use std::time::Duration;

use tests::crowd;
use tests::world::{Plan, World};

const CROWD: u32 = 200;

/// Named residents, who come first in a world and have stories of their own.
const NAMED: u32 = 14;

/// How long the storm lasts: once through, or so many seconds (`make soak`).
fn duration() -> Duration {
    let seconds = std::env::var_os("STORM_SECONDS").and_then(|text| text.to_str()?.parse().ok());
    Duration::from_secs(seconds.unwrap_or(0))
}

#[test]
#[expect(clippy::print_stdout, reason = "the soak reports how much it did")]
fn everybody_gets_their_own_paper_and_nobody_anothers() {
    let world = World::with(Plan { seed: 7, residents: Some(CROWD + NAMED), terminals: CROWD });
    let center = world.center();
    let residents: Vec<_> = world.residents().iter().skip(NAMED as usize).collect();
    assert_eq!(residents.len(), CROWD as usize);
    let (mut certificates, mut papers_in_all) = (BTreeSet::new(), 0);
    let rounds = crowd::rounds(duration(), |round| {
        let (papers, faults) = crowd::apply_at_once(&world, &residents);
        assert!(faults.is_empty(), "round {round}:\n{}\n{}", faults.join("\n"), world.log("center"));
        for resident in &residents {
            let [printed] = papers[resident.id.as_str()].as_slice() else {
                panic!("{} got {} papers", resident.id, papers[resident.id.as_str()].len())
            };
            let mistakes = crowd::mistakes(&world, resident, &printed.pdf);
            assert!(mistakes.is_empty(), "round {round}: {mistakes:?}");
            assert!(certificates.insert(printed.certificate.clone()), "{} stands twice", printed.certificate);
            papers_in_all += 1;
        }
    });
    assert_eq!(certificates.len(), papers_in_all);
    center.stop();
    world.assert_audit_whole();
    let year = world.center_command(&["report", "issuances", "--config", "center.toml", "--fiscal-year", "2022"]);
    assert!(year.1.contains(&papers_in_all.to_string()), "{papers_in_all} were printed, the centre says {year:?}");
    println!("{papers_in_all} papers in {rounds} rounds");
}
