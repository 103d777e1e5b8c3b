//! What strangers upload to `/verify`: a clear answer in bounded time and memory, and never "genuine" for what is not.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails with a sentence")]

use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::paper;
use tests::program;
use tests::terminal::Application;
use tests::world::{Center, Plan, World};

/// Uploads files and gives status and answer.
#[track_caller]
fn upload(center: &Center, files: &[Vec<u8>]) -> (u16, Value) {
    const BOUNDARY: &str = "d41b2f7c9a";
    let mut body = Vec::new();
    for file in files {
        write!(body, "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"page\"\r\n\r\n")
            .expect("written");
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n");
    }
    write!(body, "--{BOUNDARY}--\r\n").expect("written");
    let client = program::http_client().timeout(Duration::from_mins(5)).build();
    let request = client
        .expect("a client")
        .post(format!("{}/verify", center.public))
        .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
        .body(body);
    let answer = request.send().expect("an answer");
    (answer.status().as_u16(), answer.json().expect("JSON"))
}

/// The greatest memory of a process so far, in MiB.
fn peak_mib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("the process lives");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a peak");
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).expect("a number") / 1024
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    image::GrayImage::new(width, height).write_to(&mut file, image::ImageFormat::Png).expect("a picture");
    file.into_inner()
}

/// A PDF of these objects, the first its catalogue.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes();
    for (number, object) in (1..).zip(objects) {
        writeln!(table, "{:010} 00000 n ", file.len()).expect("written");
        file.extend([format!("{number} 0 obj\n").as_bytes(), object, b"\nendobj\n"].concat());
    }
    let start = file.len();
    let trailer = format!("trailer<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    [file, table, trailer.into_bytes()].concat()
}

fn page_with(catalogue: &str, media_box: &str, contents: Option<Vec<u8>>) -> Vec<u8> {
    let has_contents = if contents.is_some() { "/Contents 4 0 R" } else { "" };
    let mut objects = vec![
        format!("<</Type/Catalog/Pages 2 0 R{catalogue}>>").into_bytes(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[{media_box}]{has_contents}>>").into_bytes(),
    ];
    objects.extend(contents);
    pdf(&objects)
}

/// A content stream that inflates to a gigabyte of strokes.
fn bomb() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bomb");
    // Python deflates piece by piece; a gigabyte need not be held here.
    let script = "import sys,zlib\nd=zlib.compressobj(9)\nw=open(sys.argv[1],'wb')\nfor _ in range(1024): w.write(d.compress(b'0 0 m 9 9 l S '*74899))\nw.write(d.flush())";
    program::run_well(Command::new("/usr/bin/python3").args(["-c", script]).arg(&file));
    let deflated = std::fs::read(file).expect("the bomb");
    let head = format!("<</Length {}/Filter/FlateDecode>>stream\n", deflated.len());
    [head.as_bytes(), &deflated, b"\nendstream"].concat()
}

fn encrypted(plain: &Path) -> Vec<u8> {
    let locked = plain.with_extension("locked.pdf");
    program::run_well(Command::new("qpdf").args(["--encrypt", "secret", "owner", "256", "--"]).arg(plain).arg(&locked));
    std::fs::read(locked).expect("the locked file")
}

#[test]
fn bad_files_are_told_apart_in_bounded_time_and_memory() {
    let world = World::new();
    let center = world.center();
    let printed = Application::overseas(world.resident("hanako")).print(&world);
    let genuine = std::fs::read(&printed.pdf).expect("the certificate");
    let a4 = "0 0 595 842";
    let script = "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>";
    let cases: [(&str, Vec<u8>, Option<&str>); 11] = [
        ("text", b"no picture at all".to_vec(), Some("unsupported")),
        ("one pixel", png(1, 1), Some("too-small")),
        ("a hundred megapixels", png(12_000, 9_000), Some("too-large")),
        ("a picture cut off", png(2480, 3508)[..400].to_vec(), Some("unsupported")),
        ("a PDF cut off", genuine[..genuine.len() / 3].to_vec(), None),
        ("an encrypted PDF", encrypted(&printed.pdf), Some("encrypted")),
        ("a PDF with a script", page_with(script, a4, None), None),
        ("a PDF as large as a field", page_with("", "0 0 200000 200000", None), Some("too-large")),
        ("a PDF without end", page_with("", a4, Some(bomb())), Some("not-drawable")),
        ("an empty PDF", pdf(&[b"<</Type/Catalog>>".to_vec()]), Some("unsupported")),
        ("a blank page", png(2480, 3508), None),
    ];
    for (what, file, problem) in cases {
        let began = Instant::now();
        let (status, answer) = upload(&center, &[file]);
        assert_eq!((status, answer["verdict"].as_str()), (200, Some("unreadable")), "{what}: {answer}");
        // What is left of a PDF that was cut off may still be a page.
        if what != "a PDF cut off" {
            assert_eq!(answer["files"][0]["problem"]["code"].as_str(), problem, "{what}");
        }
        assert!(began.elapsed() < Duration::from_mins(2), "{what} took {:?}", began.elapsed());
        if what == "a PDF with a script" {
            assert!(answer["files"][0]["note"]["english"].as_str().is_some_and(|note| note.contains("not run")));
        }
    }
    let peak = peak_mib(center.process.id());
    assert!(peak < 900, "the centre used {peak} MiB");
    // And it still reads what is good.
    let (status, answer) = upload(&center, &[genuine]);
    assert_eq!((status, answer["verdict"].as_str()), (200, Some("genuine")));
}

#[test]
fn sides_that_do_not_belong_together_are_never_genuine() {
    let world = World::new();
    let center = world.center();
    let sides = |world: &World, resident: &str| {
        let printed = Application::domestic(world.resident(resident)).print(world);
        [1, 2].map(|page| std::fs::read(paper::picture(&printed.pdf, page, 300)).expect("a side"))
    };
    let [front, _] = sides(&world, "hanako");
    let [_, back_of_another] = sides(&world, "rin");
    let (_, answer) = upload(&center, &[front, back_of_another]);
    assert_eq!(answer["verdict"], "altered", "{}", answer["features"]);

    let other = World::with(Plan { seed: 8, ..Plan::default() });
    let _other_center = other.center();
    let [_, back_of_another_key] = sides(&other, "hanako");
    let (_, answer) = upload(&center, &[back_of_another_key]);
    assert_eq!(answer["verdict"], "unknown", "{}", answer["features"]);
}

#[test]
fn a_form_without_files_or_too_large_is_a_problem_and_issuing_goes_on_meanwhile() {
    let world = World::new();
    let center = world.center();
    let (status, answer) = upload(&center, &[]);
    assert_eq!((status, answer["code"].as_str()), (400, Some("malformed-request")));
    let (status, answer) = upload(&center, &vec![png(1, 1); 5]);
    assert_eq!((status, answer["code"].as_str()), (400, Some("malformed-request")));
    let (status, answer) = upload(&center, &[vec![0; (48 << 20) + (128 << 10)]]);
    assert_eq!((status, answer["code"].as_str()), (413, Some("request-too-large")));
    // More uploads at once than there are places: each is answered or told to come back, and a resident is served.
    let page = png(2480, 3508);
    std::thread::scope(|scope| {
        let uploads: Vec<_> =
            (0..12).map(|_| scope.spawn(|| upload(&center, &[page.clone(), page.clone()]).0)).collect();
        Application::domestic(world.resident("hanako")).print(&world);
        for upload in uploads {
            let status = upload.join().expect("an answer");
            assert!(status == 200 || status == 503, "{status}");
        }
    });
}
