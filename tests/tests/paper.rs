//! A page or two of each class through the channel and back; `make soak` is the long form.

use center::inspection::intake;
use center::inspection::report::{FindingState, Verdict};
use center::raster::Raster;
use center::scramble::originality::Originality;
use shared::domain::certificate::Form;
use tests::paper;
use tests::paper_channel::copying::{Copier, Mode};
use tests::paper_channel::{Class, Picture, Sheet, rasteriser};
use tests::sample::{Works, raster};
use tests::soak::{self, Extent};

const SHORT: Extent = Extent { pages: 1, seed: 1, threads: 2 };

#[test]
fn backs_of_each_class_are_read() {
    let classes = [Class::Good, Class::Typical, Class::Bad, Class::Inkjet, Class::Phone];
    let results = soak::decode(&Works::new(), &classes, SHORT);
    assert_eq!(results.len(), classes.len());
    assert_eq!(soak::failures(&results), Vec::<String>::new());
    let good = results.iter().find(|(class, _)| class == "good").expect("the good page");
    assert!(good.1.margin < 1e-3, "{good:?}");
}

#[test]
fn a_character_replaced_by_one_alike_is_found_and_nothing_on_a_genuine_front() {
    let results = soak::forgeries(&Works::new(), Class::Good, SHORT);
    assert_eq!(soak::failures(&results), Vec::<String>::new());
}

#[test]
fn a_genuine_file_drawn_by_another_engine_shows_no_difference_at_any_resolution() {
    let works = Works::new();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("certificate.pdf");
    for number in [Form::Domestic, Form::Overseas].into_iter().filter_map(|form| Works::numbers(form).next()) {
        let sample = works.sample(number);
        std::fs::write(&file, &sample.pdf).expect("the certificate is written");
        let issued = works.front(&sample);
        for dpi in [150, 200, 300, 600] {
            let drawn = std::fs::read(paper::picture(&file, 1, dpi)).expect("a picture");
            let page = intake::pages(drawn).expect("an upload").remove(0);
            let compared = works.compare(&issued, &page).expect("the same page");
            assert!(compared.differences.is_empty(), "{number} at {dpi} dpi: {:?}", compared.differences);
        }
    }
}

#[test]
fn an_original_is_told_from_its_copies() {
    let judged = soak::originality(&Works::new(), &[Class::Typical], SHORT);
    let score = |judged: &soak::Judged| judged.said.and_then(Originality::score).expect("a score");
    let (originals, copies): (Vec<_>, Vec<_>) = judged.iter().partition(|judged| judged.made == soak::ORIGINAL);
    assert_eq!((originals.len(), copies.len()), (1, 6));
    let original = originals[0];
    assert!(matches!(original.said, Some(Originality::Original(_))), "{original:?}");
    for copy in copies {
        assert!(!matches!(copy.said, Some(Originality::Original(_))), "{copy:?}");
        assert!(score(copy) < score(original) - 1.0, "{copy:?} {original:?}");
    }
}

#[test]
fn the_word_stands_out_on_a_copy_and_not_on_an_original_whichever_side_is_seen() {
    let works = Works::new();
    let sides = rasteriser::pages(&works.sample(9).pdf);
    let [front, back] = [&sides[0], &sides[1]].map(|side| Class::Typical.sheet(side, None, 9));
    let scan = |sheet: &Sheet| raster(&Class::Typical.read(sheet, 9));
    let scan_of_copy = |sheet: &Sheet| scan(&Copier::store(300.0, Mode::Text).copy(sheet, 9));
    let both = works.inspect(&[scan(&front), scan(&back)]);
    let copies = works.inspect(&[scan_of_copy(&front), scan_of_copy(&back)]);
    let [back_alone, copy_of_back] = [scan(&back), scan_of_copy(&back)].map(|page| works.inspect(&[page]));
    for (what, report, state) in [
        ("both sides", &both, FindingState::Holds),
        ("copies of both sides", &copies, FindingState::Fails),
        ("the back", &back_alone, FindingState::Holds),
        ("a copy of the back", &copy_of_back, FindingState::Fails),
    ] {
        assert_eq!(report.features.copy_word.state, state, "{what}: {:?}", report.copy_word);
        assert_eq!(report.verdict, Verdict::Genuine, "{what}: a copy says what was issued");
    }
    assert!(copies.summary().english.contains("a copy"), "{:?}", copies.summary());
    // Another page of the same size has no word where this one has.
    let another = raster(&Class::Typical.page(&Picture::plain(front.ink.width, front.ink.height, 255), None, 9));
    let report = works.inspect(&[another, scan(&back)]);
    assert!(report.copy_word.is_some_and(|contrast| contrast.abs() < 0.02), "{:?}", report.copy_word);
}

#[test]
fn parts_of_two_genuine_papers_are_never_one_genuine_paper() {
    let works = Works::new();
    let [one, other] = [1, 2].map(|seed| rasteriser::pages(&works.sample(seed).pdf));
    let scan = |page: &Picture, seed: u64| raster(&Class::Good.page(page, None, seed));
    let verdict = |pages: &[Raster]| works.inspect(pages).verdict;
    let (one_front, other_front) = (scan(&one[0], 3), scan(&other[0], 4));
    let (one_back, other_back) = (scan(&one[1], 5), scan(&other[1], 6));
    assert_eq!(verdict(&[one_front.clone(), one_back.clone()]), Verdict::Genuine);
    assert_eq!(verdict(&[one_front, other_back]), Verdict::Altered, "the front of one, the back of the other");
    assert_eq!(verdict(&[other_front, one_back]), Verdict::Altered, "the other way round");
    for (field, qr) in [(&one[1], &other[1]), (&other[1], &one[1])] {
        let mixed = scan(&with_qr_of(field, qr), 7);
        assert_eq!(verdict(&[mixed]), Verdict::Altered, "the field of one, the code of the other");
    }
}

/// A back with the code at its lower right taken from another back.
fn with_qr_of(field: &Picture, qr: &Picture) -> Picture {
    let dots = |millimetres: f64| (millimetres * 600.0 / 25.4) as usize;
    let (left, top) = (dots(160.0), dots(229.0));
    Picture::from_pixels(
        field.width,
        field.height,
        |x, y| {
            if x >= left && y >= top { qr.get(x, y) } else { field.get(x, y) }
        },
    )
}
