//! What the centre stands on breaks under way: the disk fills up, turns read-only, the revocation list goes away. The
//! resident is told so before any money is taken, and once it is mended the same centre goes on as if nothing had been.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up fails with a sentence")]

use std::process::{Command, Stdio};

use tests::program::{self, Running};
use tests::promises::assert_nobody_lost;
use tests::terminal::{Answer, Application};
use tests::world::{Center, World};

/// A centre whose store lies on a file system of its own, of this size.
///
/// The file system is seen only in the centre's own mount namespace, so that it goes with the process.
fn center_on_small_disk(world: &World, size: &str) -> Center {
    world.configure("center.toml", "run/center.sqlite", "disk/center.sqlite");
    world.configure("center.toml", "run/center.witness.json", "disk/center.witness.json");
    std::fs::create_dir_all(world.path("disk")).expect("a folder");
    let script = format!("mount -t tmpfs -o size={size} tmpfs disk && exec \"$@\"");
    world.center_started_by(&["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", &script, "sh"])
}

/// Mounts the centre's disk again with another option, from inside its namespace.
fn remount(world: &World, center: &Center, option: &str) {
    let target = center.process.id().to_string();
    let mut command = Command::new("nsenter");
    command.args(["--target", &target, "--user", "--mount", "--preserve-credentials"]);
    command.args(["sh", "-c", "mount -o \"remount,$1\" \"$2\"", "sh", option]).arg(world.path("disk"));
    program::run_well(&mut command);
}

/// What `center audit verify` says where the store can be seen.
fn audit_inside(world: &World, center: &Center) -> String {
    let target = center.process.id().to_string();
    let mut command = Command::new("nsenter");
    command.args(["--target", &target, "--user", "--mount", "--preserve-credentials"]).arg(program::built("center"));
    command.args(["audit", "verify", "--config"]).arg(world.path("center.toml"));
    program::run_well(command.stderr(Stdio::null()))
}

fn domestic(world: &World) -> Application {
    Application::domestic(world.resident("hanako"))
}

/// Applies until the centre refuses; gives the refusal and how many were printed.
fn until_refused(world: &World) -> (Answer, usize) {
    for printed in 0..200 {
        let answer = domestic(world).apply(world);
        if answer.printed(world).is_none() {
            return (answer, printed);
        }
    }
    panic!("two hundred certificates fit a disk for a few")
}

#[test]
fn a_full_disk_is_told_before_any_money_is_taken_and_loses_nothing() {
    let world = World::new();
    let center = center_on_small_disk(&world, "3m");
    let (answer, printed) = until_refused(&world);
    assert!(printed > 0, "nothing was printed before the disk was full");
    assert_eq!(answer.refusal(), (13, "store-unavailable"), "after {printed}: {answer:?}\n{}", world.log("center"));
    assert_nobody_lost(&world);
    remount(&world, &center, "size=64m");
    domestic(&world).print(&world);
    assert_nobody_lost(&world);
    assert!(audit_inside(&world, &center).contains("intact"));
    center.stop();
}

#[test]
fn a_store_on_a_read_only_disk_is_refused_at_start_and_untouched() {
    let world = World::new();
    world.center().stop();
    let database = std::fs::read(world.path("run/center.sqlite")).expect("the database");
    let script = "mount --bind run run && mount -o remount,bind,ro run && exec \"$@\"";
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]).arg(program::built("center"));
    command.args(["serve", "--config", "center.toml"]).current_dir(world.path(".")).stdin(Stdio::null());
    let output = program::run(&mut command);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.success(), output.stdout.is_empty()), (false, true), "{said}");
    assert!(said.contains("a file of the store cannot be used") && said.contains("Read-only"), "{said}");
    assert_eq!(std::fs::read(world.path("run/center.sqlite")).expect("the database"), database);
}

#[test]
fn without_a_revocation_list_of_today_nobody_is_believed() {
    let world = World::new();
    let list = world.path("pki/jpki-authentication.crl");
    let whole = std::fs::read(&list).expect("the list");
    let center = world.center();
    domestic(&world).print(&world);
    let mut altered = whole.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    let cut = whole[..whole.len() / 2].to_vec();
    for broken in [Vec::new(), altered, cut] {
        std::fs::write(&list, &broken).expect("a broken list");
        let answer = domestic(&world).apply(&world);
        assert_eq!(answer.refusal(), (13, "revocation-unavailable"), "{} bytes: {answer:?}", broken.len());
    }
    std::fs::remove_file(&list).expect("no list");
    let answer = domestic(&world).apply(&world);
    assert_eq!(answer.refusal(), (13, "revocation-unavailable"), "{answer:?}");
    std::fs::write(&list, whole).expect("the list again");
    domestic(&world).print(&world);
    center.stop();
    assert_nobody_lost(&world);
}

#[test]
fn a_centre_without_its_database_says_so_and_makes_no_new_one() {
    let world = World::new();
    world.center().stop();
    std::fs::remove_file(world.path("run/center.sqlite")).expect("the database goes");
    let mut command = world.command("center", &["serve", "--config", "center.toml"]);
    assert!(Running::start(command.stdout(Stdio::null())).wait(20) > 0);
    assert!(world.log("center").contains("the database is missing"), "{}", world.log("center"));
    assert!(!world.path("run/center.sqlite").exists());
}
