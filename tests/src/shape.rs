//! The rules on how the sources are laid out, as functions from files to what is wrong with them.

use std::path::PathBuf;
use std::process::Command;

/// The most lines a source file may have without a reason in [`LONGER_WITH_REASON`].
pub const MAXIMUM_LINES: usize = 400;

/// Files over [`MAXIMUM_LINES`], each with the reason why it stays in one piece.
pub const LONGER_WITH_REASON: &[(&str, &str)] = &[
    ("center/src/config.rs", "the whole configuration file, section by section, with its rules"),
    ("center/src/document/sheet.rs", "where everything stands on the front, in one place"),
    ("center/src/store/contract/console.rs", "one contract of the console, a test a rule, with one cast"),
    ("kiosk/src/screen/tests.rs", "every screen from one cast, in each language and both orientations"),
    ("center/src/document/symbol.rs", "one QR code: segments, masks scored on whole rows, modules"),
];

/// A tracked file.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path from the top of the repository.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl SourceFile {
    /// A file that exists only in a test.
    pub fn planted(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    fn is_rust(&self) -> bool {
        self.has_extension("rs")
    }

    fn has_extension(&self, extension: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, found)| found == extension)
    }
}

/// The top of the repository.
pub fn top() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests crate lies in the repository").to_owned()
}

/// Every text file that is tracked or would be.
pub fn sources() -> Vec<SourceFile> {
    let listing = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(top())
        .output()
        .expect("git lists the files");
    assert!(listing.status.success(), "git could not list the files");
    String::from_utf8_lossy(&listing.stdout)
        .lines()
        .filter_map(|path| {
            Some(SourceFile { path: path.to_owned(), text: std::fs::read_to_string(top().join(path)).ok()? })
        })
        .collect()
}

/// Every `.rs` file says in its first line what it is.
pub fn without_opening_sentence(files: &[SourceFile]) -> Vec<String> {
    files.iter().filter(|file| file.is_rust() && !file.text.starts_with("//! ")).map(|file| file.path.clone()).collect()
}

/// No drawer that everything falls into, and one module style.
pub fn badly_named(files: &[SourceFile]) -> Vec<String> {
    const DRAWERS: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "misc", "shared_types", "mod"];
    files
        .iter()
        .filter(|file| file.is_rust())
        .filter(|file| file.path.trim_end_matches(".rs").split('/').any(|part| DRAWERS.contains(&part)))
        .map(|file| file.path.clone())
        .collect()
}

/// No file grows without someone saying why.
pub fn too_long(files: &[SourceFile], allowed: &[(&str, &str)]) -> Vec<String> {
    files
        .iter()
        .filter(|file| file.is_rust() && !allowed.iter().any(|(path, _)| *path == file.path))
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > MAXIMUM_LINES)
        .map(|(file, lines)| format!("{} has {lines} lines", file.path))
        .collect()
}

/// Reasons given for files that are gone or short again.
pub fn needless_reasons(files: &[SourceFile], allowed: &[(&str, &str)]) -> Vec<String> {
    allowed
        .iter()
        .filter(|(path, _)| !files.iter().any(|file| file.path == *path && file.text.lines().count() > MAXIMUM_LINES))
        .map(|(path, _)| (*path).to_owned())
        .collect()
}

/// What a part of the sources must not name.
#[derive(Debug, Clone, Copy)]
pub struct Border {
    /// Paths that start so lie inside.
    pub inside: &'static [&'static str],
    /// Of these, paths that start so are outside again.
    pub except: &'static [&'static str],
    /// Words that must not stand in code there.
    pub words: &'static [&'static str],
}

/// The borders that `docs/architecture.md` draws.
pub const BORDERS: &[Border] = &[
    Border {
        inside: &["kiosk/src/session.rs", "kiosk/src/session/"],
        except: &[],
        words: &["egui", "eframe", "reqwest", "pcsc", "rustls", "std::thread", "std::fs", "std::net", "tracing::"],
    },
    Border {
        inside: &["shared/src/"],
        except: &[],
        words: &["std::fs", "std::net", "std::thread", "std::process", "tokio", "rusqlite", "reqwest"],
    },
    Border { inside: &["center/src/"], except: &["center/src/store/sqlite"], words: &["rusqlite"] },
    Border {
        inside: &["center/src/"],
        except: &[
            "center/src/http",
            "center/src/console",
            "center/src/main.rs",
            "center/src/serve",
            "center/src/commands",
        ],
        words: &["axum", "hyper::", "hyper_util"],
    },
    Border { inside: &["center/src/", "shared/src/"], except: &[], words: &["kiosk::", "fixtures::"] },
    Border {
        inside: &["kiosk/src/", "shared/src/", "fixtures/src/", "fixtures/app/src/"],
        except: &[],
        words: &["center::"],
    },
    Border { inside: &["center/src/", "kiosk/src/", "shared/src/"], except: &[], words: &["use rsa", "rsa::"] },
];

/// Lines of code that cross a border.
pub fn crossings(files: &[SourceFile], borders: &[Border]) -> Vec<String> {
    let starts = |path: &str, prefixes: &[&str]| prefixes.iter().any(|prefix| path.starts_with(prefix));
    let mut found = Vec::new();
    for border in borders {
        let inside = |file: &&SourceFile| {
            file.is_rust() && starts(&file.path, border.inside) && !starts(&file.path, border.except)
        };
        for file in files.iter().filter(inside) {
            found.extend(code_lines(&file.text).filter_map(|(number, line)| {
                let word = border.words.iter().find(|word| names(line, word))?;
                Some(format!("{}:{number} names {word}", file.path))
            }));
        }
    }
    found
}

/// Whether `word` stands in the line, not as the end of a longer word.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        !line.get(..at).is_some_and(|before| before.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
    })
}

fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//") && !line.trim_start().starts_with('*'))
}

/// Tests that do not count: switched off, or passing by any panic.
pub fn weak_tests(files: &[SourceFile]) -> Vec<String> {
    let forbidden = [["#[igno", "re"].concat(), ["#[should", "_panic"].concat(), ["TO", "DO"].concat()];
    lines_with(files.iter().filter(|file| file.is_rust()), &forbidden)
}

/// Words that must not be committed: this or that machine's paths, hosts of package registries, private keys.
pub fn unfit_to_publish(files: &[SourceFile]) -> Vec<String> {
    // Put together from pieces, so that this list does not find itself.
    let forbidden = [
        ["/wo", "rk/"],
        ["/fa", "rm/"],
        ["/tmp/bash", "_jobs"],
        ["/home", "/"],
        ["registry.", "npmjs"],
        ["py", "pi.org"],
        ["python", "hosted"],
        ["static.", "crates.io"],
        ["index.", "crates.io"],
        ["deb.", "debian.org"],
    ]
    .map(|pieces| pieces.concat());
    let mut found = lines_with(files.iter(), &forbidden);
    // Keys under `testdata` are made for tests and open nothing.
    let private = [["PRIVATE", " KEY-----"].concat()];
    found.extend(lines_with(files.iter().filter(|file| !file.path.contains("/testdata/")), &private));
    found
}

fn lines_with<'a>(files: impl Iterator<Item = &'a SourceFile>, forbidden: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        for (number, line) in file.text.lines().enumerate() {
            if let Some(word) = forbidden.iter().find(|word| line.contains(word.as_str())) {
                found.push(format!("{}:{} has {word:?}", file.path, number + 1));
            }
        }
    }
    found
}

/// Crates of the workspace and what each may depend on, of the others.
pub const DIRECTIONS: &[(&str, &[&str])] = &[
    ("shared", &[]),
    ("fixtures", &["shared"]),
    ("kiosk", &["shared", "fixtures"]),
    ("app", &["shared", "kiosk"]),
    ("center", &["shared"]),
    ("tests", &["shared", "fixtures", "kiosk", "center"]),
];

/// Dependencies among the workspace's crates, as cargo reads them, that go against [`DIRECTIONS`].
pub fn against_the_direction(metadata: &serde_json::Value) -> Vec<String> {
    let members = |value: &serde_json::Value, field: &str| {
        value.get(field).and_then(serde_json::Value::as_array).cloned().unwrap_or_default()
    };
    let name_of = |value: &serde_json::Value| {
        value.get("name").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    let mut found = Vec::new();
    for package in members(metadata, "packages") {
        let name = name_of(&package);
        let Some((_, allowed)) = DIRECTIONS.iter().find(|(crate_name, _)| *crate_name == name) else {
            found.push(format!("{name} has no place in the directions"));
            continue;
        };
        for dependency in members(&package, "dependencies") {
            let other = name_of(&dependency);
            let is_ours = DIRECTIONS.iter().any(|(crate_name, _)| *crate_name == other);
            // Unit tests may put a software card before what they test.
            let is_test_card = other == "fixtures" && dependency.get("kind").is_some_and(|kind| kind == "dev");
            if is_ours && !is_test_card && !allowed.contains(&other.as_str()) {
                found.push(format!("{name} depends on {other}"));
            }
        }
    }
    found
}

/// What cargo says of the workspace.
pub fn cargo_metadata() -> serde_json::Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(top())
        .output()
        .expect("cargo runs");
    serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
}
