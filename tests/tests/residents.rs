//! Every named resident's outcome, with the card from its file and on a real reader, in both profiles.

use tests::paper;
use tests::reader::{READER, ReaderService};
use tests::terminal::{Answer, Application};
use tests::world::World;

/// What a story says.
#[derive(Debug, Clone, Copy)]
enum Outcome {
    Prints,
    Refused(&'static str),
    /// Which of the two codes depends on what the centre asked the card to prove.
    Untrusted,
    PinLocked,
}
use Outcome::{PinLocked, Prints, Refused, Untrusted};

/// Resident, outcome of the domestic form, outcome of the overseas form.
const STORIES: &[(&str, Outcome, Outcome)] = &[
    ("hanako", Prints, Prints),
    ("taro", Prints, Refused("passport-not-registered")),
    ("jiro", Refused("no-record"), Refused("no-record")),
    ("yuki", Prints, Refused("passport-expired")),
    ("ken", Refused("certificate-revoked"), Refused("certificate-revoked")),
    ("mei", Refused("certificate-expired"), Refused("certificate-expired")),
    ("kai", Refused("municipality-not-participating"), Refused("municipality-not-participating")),
    ("umi", Refused("person-protected"), Refused("person-protected")),
    ("mori", Refused("record-held"), Refused("record-held")),
    ("aoi", Prints, Prints),
    ("rin", Prints, Prints),
    ("sora", Prints, Prints),
    ("eve", Untrusted, Untrusted),
    ("nao", PinLocked, PinLocked),
];

/// Compares an answer with its story; gives what differs.
fn difference(who: &str, answer: &Answer, outcome: Outcome) -> Option<String> {
    let as_told = match outcome {
        Prints => answer.status == 0 && answer.last()["outcome"] == "printed",
        Refused(code) => answer.refusal() == (12, code),
        Untrusted => [(12, "certificate-untrusted"), (12, "card-not-genuine")].contains(&answer.refusal()),
        PinLocked => answer.refusal() == (11, "pin-locked") && answer.last()["tries_left"] == 0,
    };
    (!as_told).then(|| format!("{who}: told {outcome:?}, came {} {}", answer.status, answer.last()))
}

/// Lets every resident of the stories apply; gives what differs.
fn tell_stories(world: &World, mut apply: impl FnMut(&str, Application) -> Answer) -> Vec<String> {
    let mut differences = Vec::new();
    for (id, domestic, overseas) in STORIES {
        let resident = world.resident(id);
        let home = resident.municipality.as_str();
        let answer = apply(id, Application::domestic(resident).municipality(home));
        differences.extend(difference(&format!("{id}, domestic"), &answer, *domestic));
        let answer = apply(id, Application::overseas(resident).municipality(home));
        differences.extend(difference(&format!("{id}, overseas"), &answer, *overseas));
    }
    differences
}

#[track_caller]
fn assert_as_told(world: &World, differences: &[String]) {
    assert!(
        differences.is_empty(),
        "\n{}\nterminal: {}\ncentre: {}",
        differences.join("\n"),
        world.log("kiosk"),
        world.log("center")
    );
}

#[test]
fn every_resident_has_the_outcome_of_their_story() {
    let world = World::new();
    let center = world.center();
    assert_as_told(&world, &tell_stories(&world, |_, application| application.apply(&world)));
    center.stop();
}

#[test]
fn the_authentication_certificate_proves_the_holder_as_well() {
    let world = World::new();
    world.configure("center.toml", "input-support", "authentication-certificate");
    let center = world.center();
    let differences =
        tell_stories(&world, |id, application| application.pin(&world.resident(id).pins.authentication).apply(&world));
    assert_as_told(&world, &differences);
    center.stop();
}

#[test]
fn a_card_on_a_real_reader_gives_the_same_outcomes() {
    let service = ReaderService::hold();
    let world = World::new();
    let center = world.center();
    let differences = tell_stories(&world, |id, application| {
        let _card = service.card(&world, id);
        application.on_reader(READER).apply(&world)
    });
    assert_as_told(&world, &differences);
    center.stop();
}

#[test]
fn a_wrong_pin_costs_one_try_and_the_last_try_is_never_spent_unasked() {
    let service = ReaderService::hold();
    let world = World::new();
    let _center = world.center();
    let _card = service.card(&world, "hanako");
    let right = Application::domestic(world.resident("hanako")).on_reader(READER);
    let wrong = right.clone().pin("0000");
    for _ in 0..3 {
        // One wrong PIN leaves two tries; the right one gives all three back.
        assert_eq!(wrong.apply(&world).status, 11);
        right.print(&world);
    }
    assert_eq!(wrong.apply(&world).status, 11);
    assert_eq!(wrong.apply(&world).status, 11);
    for _ in 0..3 {
        let answer = right.apply(&world);
        assert_eq!((answer.status, &answer.last()["tries_left"]), (11, &1.into()), "{answer:?}");
    }
    right.clone().confirm_last_try().print(&world);
    for _ in 0..2 {
        assert_eq!(wrong.apply(&world).status, 11);
    }
    assert_eq!(wrong.clone().confirm_last_try().apply(&world).status, 11);
    let locked = right.confirm_last_try().apply(&world);
    assert_eq!((locked.status, &locked.last()["tries_left"]), (11, &0.into()), "{locked:?}");
}

#[test]
fn two_municipalities_are_offered_and_each_prints_only_its_own_doses() {
    let world = World::new();
    let _center = world.center();
    let aoi = world.resident("aoi");
    let answer = Application::domestic(aoi).apply(&world);
    assert_eq!(answer.status, 2, "which municipality must be said: {answer:?}");
    let codes = municipalities_of(&world, "aoi");
    assert_eq!(codes.len(), 2);
    for (code, _) in &codes {
        let printed = Application::domestic(aoi).municipality(code).print(&world);
        let front = paper::run_together(&paper::text(&printed.pdf, 1));
        for (other, other_lots) in &codes {
            for lot in other_lots {
                assert_eq!(front.contains(lot), other == code, "lot {lot} of {other} on the paper of {code}");
            }
        }
    }
}

/// The municipalities that hold doses of a resident, with their lots.
fn municipalities_of(world: &World, id: &str) -> Vec<(String, Vec<String>)> {
    let person = world.record(id);
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for dose in &person.doses {
        let code = dose.municipality.as_str();
        match found.iter_mut().find(|(known, _)| known == code) {
            Some((_, lots)) => lots.push(dose.lot.clone()),
            None => found.push((code.to_owned(), vec![dose.lot.clone()])),
        }
    }
    found
}

#[test]
fn a_rare_and_very_long_name_is_printed_whole() {
    let world = World::new();
    let _center = world.center();
    let rin = world.resident("rin");
    let printed = Application::domestic(rin).print(&world);
    let front = paper::run_together(&paper::text(&printed.pdf, 1));
    assert!(front.contains(&paper::run_together(&rin.names.kanji)), "{} is not in {front}", rin.names.kanji);
}

#[test]
fn a_childs_product_is_printed_by_its_own_name() {
    let world = World::new();
    let _center = world.center();
    let printed = Application::domestic(world.resident("sora")).print(&world);
    let front = paper::run_together(&paper::text(&printed.pdf, 1));
    assert!(front.contains("COMIRNATY5-11"), "{front}");
}

#[test]
fn a_passport_number_that_differs_is_refused() {
    let world = World::new();
    let _center = world.center();
    let answer = Application::overseas(world.resident("hanako")).passport("ZZ0000000").apply(&world);
    assert_eq!(answer.refusal(), (12, "passport-mismatch"), "{answer:?}");
}

#[test]
fn money_is_counted_and_too_little_is_given_back() {
    let world = World::new();
    let _center = world.center();
    let hanako = world.resident("hanako");
    assert_eq!(Application::domestic(hanako).print(&world).change, 30);
    assert_eq!(Application::domestic(hanako).copies(3).coins("500").print(&world).change, 140);
    let answer = Application::domestic(hanako).coins("100").apply(&world);
    assert_eq!(answer.status, 16, "{answer:?}");
}
