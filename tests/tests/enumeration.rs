//! Nobody learns from the console whether a My Number is recorded where they have no right to see the person: the
//! answers have the same bytes, and the store does the same work for them.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails there")]

use std::collections::BTreeMap;

use tests::clerk::{Clerk, Page};
use tests::program;
use tests::world::{Center, World};

/// The figure of records that the store decrypted.
const OPENED: &str = "center_store_records_opened_total";

/// What the store has done so far: questions, changes, records opened, entries of the audit chain.
fn work(world: &World, center: &Center) -> BTreeMap<String, u64> {
    let client = program::http_client().build().unwrap();
    let metrics = client.get(format!("{}/metrics", center.public)).send().unwrap().text().unwrap();
    let mut counted: BTreeMap<String, u64> = metrics
        .lines()
        .filter(|line| line.starts_with("center_store_"))
        .map(|line| {
            let (name, count) = line.rsplit_once(' ').unwrap();
            (name.to_owned(), count.parse().unwrap())
        })
        .collect();
    let database = rusqlite::Connection::open(world.path("run/center.sqlite")).unwrap();
    let entries: i64 = database.query_row("SELECT count(*) FROM audit", [], |row| row.get(0)).unwrap();
    counted.insert("audit".to_owned(), entries.cast_unsigned());
    counted
}

/// The answer to a form, and what the store did for it.
fn asked(world: &World, center: &Center, ask: impl Fn() -> Page) -> (Page, BTreeMap<String, u64>) {
    let before = work(world, center);
    let page = ask();
    let mut done = work(world, center);
    for (name, count) in &mut done {
        *count -= before.get(name).copied().unwrap_or(0);
    }
    // What never happened in this process has no figure yet.
    done.retain(|_, count| *count > 0);
    (page, done)
}

#[test]
fn a_number_without_right_is_answered_as_one_that_nobody_has() {
    let world = World::new();
    let center = world.center();
    let clerk = Clerk::at(center.console.as_deref().unwrap(), "clerk-131016");
    let number = |id: &str| world.resident(id).my_number.clone();
    // Jiro is not recorded; Sora and Umi live in Setagaya, Umi under protective measures; Hanako lives here.
    for path in ["/records/find", "/certificate/find"] {
        let find = |id: &str| {
            let number = number(id);
            let fields = [("my_number", number.as_str()), ("reason", "application")];
            asked(&world, &center, || clerk.post(path, &fields))
        };
        let (page, done) = find("jiro");
        assert_eq!(page.status, 200);
        assert!(done.contains_key("center_store_reads_total"), "the store was asked: {done:?}");
        assert!(!done.contains_key(OPENED), "and opened nobody: {done:?}");
        for other in ["sora", "umi"] {
            let (other_page, other_done) = find(other);
            assert_eq!(other_page.text, page.text, "{path}, {other}");
            assert_eq!(other_done, done, "{path}, {other}");
        }
        let (own_page, own_done) = find("hanako");
        assert_ne!(own_page.text, page.text, "the own resident is found");
        assert!(own_done.contains_key(OPENED), "and opened: {own_done:?}");
    }
    // An inquiry to Setagaya: about nobody, about somebody who is not known there, about a protected person.
    let inquire = |id: &str| {
        let number = number(id);
        let fields = [("peer", "131121"), ("consent", "yes"), ("my_number", number.as_str())];
        asked(&world, &center, || clerk.post("/moving/inquire", &fields))
    };
    let (page, done) = inquire("jiro");
    assert_eq!(page.status, 200);
    for other in ["hanako", "umi"] {
        let (other_page, other_done) = inquire(other);
        assert_eq!(other_page.text, page.text, "inquiry, {other}");
        assert_eq!(other_done, done, "inquiry, {other}");
    }
    assert_ne!(inquire("sora").0.text, page.text, "who is known there is told with consent");
    world.assert_audit_whole();
    center.stop();
}
