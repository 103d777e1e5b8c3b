//! A page or two of each class through the channel and back; `make soak` is the long form.

use tests::paper_channel::Class;
use tests::sample::Works;
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
