//! The paper as programs nobody here wrote see it: codes, text, fonts, syntax, archival form.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use tests::paper;
use tests::paper_channel::Picture;
use tests::program;
use tests::terminal::{Application, Printed};
use tests::world::World;

const RESOLUTION: u32 = 300;

/// Hanako's overseas certificate.
fn hanako(world: &World) -> Printed {
    Application::overseas(world.resident("hanako")).print(world)
}

/// The codes on the front, as zbar reads them at 300 dots an inch.
fn front_codes(printed: &Printed) -> Vec<String> {
    paper::codes(&paper::picture(&printed.pdf, 1, RESOLUTION))
}

#[test]
fn a_scanner_reads_both_codes_and_an_independent_verifier_believes_them() {
    let world = World::new();
    let _center = world.center();
    let printed = hanako(&world);
    let codes = front_codes(&printed);
    assert_eq!(codes.len(), 2, "{codes:?}");
    let verified = paper::verify_codes(&world, &codes);
    assert!(verified.holds, "{}", verified.reasons);
    let find = |kind: &str| verified.found.iter().find(|code| code["kind"] == kind).expect("both kinds");
    let record = world.record("hanako");
    let (health_card, vds_nc) = (find("health-card"), find("vds-nc"));
    assert_eq!(health_card["doses"], record.doses.len());
    assert_eq!(vds_nc["doses"], record.doses.len());
    let patient = &health_card["payload"]["vc"]["credentialSubject"]["fhirBundle"]["entry"][0]["resource"];
    assert_eq!(patient["birthDate"], record.attributes.birth_date.to_string());
    assert_eq!(vds_nc["data"]["msg"]["uvci"], printed.certificate);
    let passport = &record.passport_issues.last().expect("a passport").passport;
    assert_eq!(vds_nc["data"]["msg"]["pid"]["i"], passport.number.as_str());
    let lots = |text: &str| record.doses.iter().all(|dose| text.contains(&dose.lot));
    assert!(lots(&health_card.to_string()) && lots(&vds_nc.to_string()));
}

#[test]
fn the_independent_verifier_finds_a_changed_code() {
    let world = World::new();
    let _center = world.center();
    for code in front_codes(&hanako(&world)) {
        let middle = code.len() / 2;
        let changed: String = code
            .char_indices()
            .map(|(at, c)| match c {
                '1' if at >= middle => '2',
                'a' if at >= middle => 'b',
                c => c,
            })
            .collect();
        assert_ne!(code, changed);
        assert!(!paper::verify_codes(&world, &[changed]).holds, "{code}");
    }
}

#[test]
fn codes_of_one_world_mean_nothing_in_another() {
    let world = World::new();
    let _center = world.center();
    let codes = front_codes(&hanako(&world));
    let other = World::with(tests::world::Plan { seed: 8, ..tests::world::Plan::default() });
    for code in codes {
        assert!(!paper::verify_codes(&other, &[code]).holds);
    }
}

#[test]
fn the_domestic_form_carries_the_health_card_alone_and_no_passport() {
    let world = World::new();
    let _center = world.center();
    let hanako = world.resident("hanako");
    let printed = Application::domestic(hanako).print(&world);
    let codes = front_codes(&printed);
    assert_eq!(codes.len(), 1, "{codes:?}");
    let verified = paper::verify_codes(&world, &codes);
    assert!(verified.holds && verified.found[0]["kind"] == "health-card", "{}", verified.reasons);
    let front = paper::text(&printed.pdf, 1);
    assert!(!front.contains(&hanako.passport.as_ref().expect("a passport").number), "{front}");
    assert!(!front.contains("HANAKO"), "{front}");
}

#[test]
fn every_item_can_be_found_as_text() {
    let world = World::new();
    let _center = world.center();
    let printed = hanako(&world);
    let front = paper::run_together(&paper::text(&printed.pdf, 1));
    let record = world.record("hanako");
    let passport = &record.passport_issues.last().expect("a passport").passport;
    let mut items = vec![
        "新型コロナウイルス感染症予防接種証明書".to_owned(),
        "VaccinationCertificateofCOVID-19".to_owned(),
        paper::run_together(&record.attributes.name),
        passport.number.as_str().to_owned(),
        printed.certificate.clone(),
        "AOBA".to_owned(),
        "HANAKO".to_owned(),
    ];
    for dose in &record.doses {
        let naming = dose.product.naming();
        items.push(dose.lot.clone());
        items.push(paper::run_together(naming.japanese));
        items.push(paper::run_together(naming.english));
        items.push(paper::run_together(naming.maker_japanese));
    }
    let missing: Vec<_> = items.iter().filter(|item| !front.contains(item.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?} are not in {front}");
    let number = world.resident("hanako").my_number.clone();
    let both = front + &paper::run_together(&paper::text(&printed.pdf, 2));
    assert!(!both.contains(&number), "the My Number is on the paper");
}

#[test]
fn the_file_is_sound_archival_and_embeds_what_it_shows() {
    let world = World::new();
    let _center = world.center();
    let overseas = hanako(&world);
    let domestic = Application::domestic(world.resident("rin")).print(&world);
    for printed in [&overseas, &domestic] {
        program::run_well(Command::new("qpdf").arg("--check").arg(&printed.pdf));
        let fonts = program::run_well(Command::new("pdffonts").arg(&printed.pdf));
        let mut lines = fonts.lines().skip(2).peekable();
        assert!(lines.peek().is_some(), "no fonts: {fonts}");
        for line in lines {
            // The columns emb, sub and uni.
            assert_eq!(line.split_whitespace().filter(|word| *word == "yes").count(), 3, "{fonts}");
        }
    }
    let (compliant, said) = paper::verapdf(&[&overseas.pdf, &domestic.pdf]);
    assert!(compliant, "{said}");
}

#[test]
fn the_archival_judge_can_say_no() {
    let folder = tempfile::tempdir().expect("a folder");
    let plain = folder.path().join("plain.pdf");
    std::fs::write(&plain, minimal_pdf()).expect("a file");
    let (compliant, said) = paper::verapdf(&[&plain]);
    assert!(!compliant && said.contains("NOT PDF/A-2u"), "{said}");
}

/// A PDF that is well-formed and lacks everything an archive wants.
fn minimal_pdf() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]>>",
    ];
    let mut pdf = String::from("%PDF-1.7\n");
    let mut table = String::from("xref\n0 4\n0000000000 65535 f \n");
    for (number, object) in objects.iter().enumerate() {
        _ = writeln!(table, "{:010} 00000 n ", pdf.len());
        _ = writeln!(pdf, "{} 0 obj{object}endobj", number + 1);
    }
    let start = pdf.len();
    format!("{pdf}{table}trailer<</Size 4/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").into_bytes()
}

#[test]
fn two_rasterisers_agree_on_the_front() {
    let world = World::new();
    let _center = world.center();
    let printed = hanako(&world);
    let other = printed.pdf.with_extension("gs.png");
    program::run_well(
        Command::new("gs")
            .args(["-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=png16m", "-r300", "-dLastPage=1"])
            .arg(format!("-sOutputFile={}", other.display()))
            .arg(&printed.pdf),
    );
    assert_eq!(paper::codes(&other), front_codes(&printed));
}

#[test]
fn the_latent_character_stands_on_the_black_plate_within_a_blossom_without_black() {
    let world = World::new();
    let _center = world.center();
    let printed = hanako(&world);
    let plates = printed.pdf.with_extension("plates.tif");
    program::run_well(
        Command::new("gs")
            .args([
                "-q",
                "-dNOPAUSE",
                "-dBATCH",
                "-dSAFER",
                "-sDEVICE=tiffsep",
                "-r150",
                "-dFirstPage=2",
                "-dLastPage=2",
            ])
            .arg(format!("-sOutputFile={}", plates.display()))
            .arg(&printed.pdf),
    );
    let plate = |name: &str| {
        let stem = plates.file_stem().expect("a name").to_string_lossy();
        let file = plates.with_file_name(format!("{stem}({name}).tif"));
        Picture::decode(&std::fs::read(file).expect("a plate"))
    };
    // Millimetres from the middle of the blossom: the character, and the petals around it.
    let (character, petals) = ((0.0, 7.0), (10.8, 13.0));
    let black = greys(&plate("Black"), character);
    let inked = black.iter().filter(|grey| **grey < 200).count() as f64 / black.len() as f64;
    assert!((0.1..0.6).contains(&inked), "the character covers {inked} of its place on the black plate");
    assert!(black.iter().any(|grey| *grey > 250), "beside its strokes there is no black");
    let deep = black.iter().filter(|grey| **grey < 102).count() as f64 / black.len() as f64;
    assert!(deep > inked * 0.95, "{deep} of {inked} have 60 % of black or more");
    // Between the petals the ground shows, whose few dots are black.
    let around = greys(&plate("Black"), petals);
    let inked = around.iter().filter(|grey| **grey < 200).count();
    assert!(inked * 50 < around.len(), "{inked} of {} dots of the petals are black", around.len());
    for color in ["Cyan", "Magenta", "Yellow"] {
        let petals = greys(&plate(color), petals);
        assert!(petals.iter().filter(|grey| **grey < 250).count() * 2 > petals.len(), "the petals have no {color}");
    }
}

/// The greys of a back at 150 dots an inch between two distances in mm from the middle of the blossom.
fn greys(plate: &Picture, (from, to): (f64, f64)) -> Vec<u8> {
    let dots_per_mm = f64::from(150) / 25.4;
    let (x, y) = (38.0 * dots_per_mm, 254.0 * dots_per_mm);
    let places = (0..plate.height).flat_map(|row| (0..plate.width).map(move |column| (column, row)));
    let inside = places.filter(|(column, row)| {
        let distance = (*column as f64 + 0.5 - x).hypot(*row as f64 + 0.5 - y) / dots_per_mm;
        (from..to).contains(&distance)
    });
    inside.map(|(column, row)| plate.get(column, row)).collect()
}

#[test]
fn the_paper_read_back_is_genuine_and_a_changed_one_is_not() {
    let world = World::new();
    let _center = world.center();
    let printed = hanako(&world);
    let verify = |path: &Path| {
        world.center_command(&["verify", "--config", "center.toml", "--json", &path.display().to_string()])
    };
    let (status, said) = verify(&printed.pdf);
    let report: serde_json::Value = serde_json::from_str(&said).expect("one JSON object");
    assert_eq!((status, report["verdict"].as_str()), (0, Some("genuine")), "{said}");
    assert_eq!(report["certificate"].as_str(), Some(printed.certificate.as_str()));
    // The file is no paper: it is neither an original nor a copy.
    assert_eq!(report["features"]["originality"]["state"].as_str(), Some("unreadable"), "{said}");
    assert_eq!(report["features"]["copy_word"]["state"].as_str(), Some("unreadable"), "{said}");
    let blank = printed.pdf.with_extension("blank.pdf");
    std::fs::write(&blank, minimal_pdf()).expect("a file");
    let (status, said) = verify(&blank);
    assert_eq!(status, 21, "an empty page is no certificate: {said}");
}

#[test]
fn public_keys_alone_tell_what_the_codes_say_and_who_signed_them() {
    let world = World::new();
    let _center = world.center();
    let printed = hanako(&world);
    let front = paper::picture(&printed.pdf, 1, 300).display().to_string();
    let (jwks, signer) = (world.path("pki/jwks.json"), world.path("pki/barcode-signer.pem"));
    let (jwks, signer) = (jwks.display().to_string(), signer.display().to_string());
    let verify = |jwks: &str| {
        let (status, said) =
            world.center_command(&["verify", "--jwks", jwks, "--signer", &signer, "--json", front.as_str()]);
        (status, serde_json::from_str::<serde_json::Value>(&said).expect("one JSON object"))
    };
    let (status, report) = verify(&jwks);
    assert_eq!((status, report["verdict"].as_str()), (0, Some("signed")), "{report}");
    assert_eq!(report["codes"].as_array().map(Vec::len), Some(front_codes(&printed).len()));
    let says = report["codes"][0]["says"].to_string();
    assert!(says.contains(&world.resident("hanako").names.kanji.replace('\u{3000}', " ")), "{says}");
    // Another issuer's key: what the code says is not told.
    let foreign = world.path("foreign.json");
    std::fs::write(&foreign, r#"{"keys":[]}"#).expect("a key set");
    let (status, report) = verify(&foreign.display().to_string());
    assert_eq!((status, report["verdict"].as_str()), (20, Some("forged")), "{report}");
    assert!(report["codes"].as_array().expect("codes").iter().any(|code| code["says"] == serde_json::json!([])));
}

#[test]
fn a_receipt_says_what_was_paid_and_names_nobody() {
    let world = World::new();
    let _center = world.center();
    let printed = hanako(&world);
    assert_eq!(printed.change, 30);
    let receipt = paper::run_together(&paper::text(&printed.receipt, 1));
    assert!(receipt.contains("120"), "{receipt}");
    let hanako = world.resident("hanako");
    for personal in [&paper::run_together(&hanako.names.kanji), &hanako.my_number] {
        assert!(!receipt.contains(personal.as_str()), "{receipt}");
    }
}
