//! The municipal console in a real browser: a municipality agrees, corrects and issues, and then the terminal does.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails there")]

use fixtures::passport_zone::FictitiousPassport;
use serde_json::Value;
use tests::browser::{Browser, key};
use tests::terminal::Application;
use tests::world::World;

/// Where pictures of the pages are kept for whoever wants to look.
fn pictures() -> std::path::PathBuf {
    let folder = tests::program::build_folder().join("console-pictures");
    std::fs::create_dir_all(&folder).expect("a folder for pictures");
    folder
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Somebody at a browser.
struct Clerk {
    browser: Browser,
    console: String,
}

impl Clerk {
    fn at(console: &str, account: &str) -> Self {
        let clerk = Self { browser: Browser::open(1280, 900, "ja"), console: console.to_owned() };
        clerk.browser.go(console);
        clerk.fill("#account", account);
        clerk.fill("#password", "konbini test bench");
        clerk.press("form[action='/login'] button");
        clerk.shows("接種状況");
        clerk
    }

    fn open(&self, path: &str) {
        self.browser.go(&format!("{}{path}", self.console));
    }

    /// Sets a field as typing does.
    fn fill(&self, field: &str, value: &str) {
        self.browser.run(&format!(
            "const field = document.querySelector({}); field.value = {}; field.dispatchEvent(new Event('change', {{bubbles: true}}));",
            quoted(field),
            quoted(value)
        ));
    }

    /// Presses a button and waits for the page that follows.
    fn press(&self, button: &str) {
        self.browser.run(&format!("window.left = true; document.querySelector({}).click();", quoted(button)));
        self.browser.wait_until(button, "return window.left !== true && document.readyState === 'complete'");
    }

    #[track_caller]
    fn shows(&self, text: &str) {
        let found = self.browser.run(&format!("return document.body.innerText.includes({})", quoted(text)));
        let page = self.browser.run("return document.body.innerText");
        assert_eq!(found, Value::Bool(true), "{text} is not on the page:\n{page}");
    }

    fn picture(&self, name: &str) {
        self.browser.picture(&pictures().join(format!("{name}.png")));
    }

    /// Finds a person by number and opens what the button leads to.
    fn find(&self, path: &str, number: &str) {
        self.open(path);
        self.fill("#my_number", number);
        self.fill("#by-number-reason", "application");
        self.press("section[aria-labelledby='by-number'] button");
        self.press("td button");
    }
}

/// Chooses a file with a person of two doses and a line that is wrong, reads what the page says of it, and confirms.
fn load_records(clerk: &Clerk, world: &World) {
    clerk.open("/registration");
    let columns = clerk.browser.run("return document.querySelector('details p').textContent");
    let heading = columns.as_str().expect("the columns").replace('，', ",");
    let number = "123456789018";
    let lines = [
        format!(
            "{number},,検査　次郎,沖縄県那覇市,1990-05-05,1,1,2021-08-01,コミナティ,EY0001,那覇会場,架空　医師,0000000077,"
        ),
        format!(
            "{number},,検査　次郎,沖縄県那覇市,1990-05-05,1,2,2021-08-22,コミナティ,EY0002,那覇会場,架空　医師,0000000077,"
        ),
        format!(
            "{number},,検査　次郎,沖縄県那覇市,1990-05-05,1,3,2022-02-30,コミナティ,EY0003,那覇会場,架空　医師,0000000077,"
        ),
    ];
    let file = world.path("registration.csv");
    std::fs::write(&file, format!("{heading}\r\n{}\r\n", lines.join("\r\n"))).expect("the file is written");
    clerk.browser.choose("file", &[&file]);
    clerk.press("form[action='/registration/file'] button");
    clerk.shows("まだ何も登録されていません");
    clerk.shows("接種日");
    clerk.picture("preview");
    clerk.press("form[action='/registration/confirm'] button");
    clerk.shows("新規1人");
    clerk.find("/records", number);
    clerk.shows("2回目");
}

#[test]
fn a_municipality_agrees_loads_corrects_and_issues_and_minutes_later_the_terminal_does() {
    let world = World::new();
    let center = world.center();
    let console = center.console.clone().expect("the console has a port");
    let kai = world.resident("kai").clone();
    let before = Application::domestic(&kai).apply(&world);
    assert_eq!(before.status, 12, "before the agreement he cannot");

    let supervisor = Clerk::at(&console, "supervisor-472018");
    supervisor.open("/terms");
    supervisor.shows("利用できません");
    supervisor.picture("terms-before");
    for document in ["confirmation", "kiosk-terms"] {
        supervisor.press(&format!("section[aria-labelledby='{document}'] form button"));
    }
    supervisor.shows("同意済み");
    for (field, value) in [("#contact", "健康課　電話 000-000-0000"), ("#subjects", "120000"), ("#handlers", "40")]
    {
        supervisor.fill(field, value);
    }
    supervisor.press("form[action='/terms/profile'] button");
    supervisor.picture("terms-after");

    let clerk = Clerk::at(&console, "clerk-472018");
    load_records(&clerk, &world);
    clerk.find("/records", &kai.my_number);
    clerk.fill("#lot-1", "FIXED01");
    clerk.press("form[action='/records/correct'] button[type=submit]");
    clerk.shows("補正しました");
    clerk.shows("FIXED01");

    let record = world.record("kai");
    let passport = FictitiousPassport {
        surname: "TEST",
        given: "KAI",
        number: "TK7654321",
        birth_date: record.attributes.birth_date,
        expires: jiff::civil::date(2031, 1, 1),
    };
    clerk.find("/certificate", &kai.my_number);
    clerk.fill("#form", "overseas");
    clerk.fill("#zone", &passport.zone());
    clerk.picture("certificate");
    clerk.press("form[action='/certificate/issue'] button");
    clerk.shows("発行しました");
    assert!(clerk.browser.errors().is_empty(), "{:?}", clerk.browser.errors());

    let after = Application::overseas(&kai).passport("TK7654321").apply(&world);
    assert_eq!(after.status, 0, "{:?}", after.events);

    clerk.find("/records", &kai.my_number);
    clerk.shows("端末（コンビニ）");
    clerk.picture("person");
    supervisor.open("/reports/issues");
    supervisor.shows("令和4年度");
    supervisor.picture("report-issues");
    supervisor.open("/reports/uses");
    supervisor.picture("report-uses");
    supervisor.open("/assessment");
    supervisor.shows("基礎項目評価＋重点項目評価");
    supervisor.picture("assessment");
    let operator = Clerk::at(&console, "operator-1");
    operator.open("/reports/kinds");
    operator.shows("13,972,911");
    operator.picture("report-kinds");
    operator.browser.go(&format!("{}/errors", center.public));
    operator.picture("error-book");
    world.assert_audit_whole();
    center.stop();
}

#[test]
fn the_table_of_moving_in_is_clicked_through() {
    let world = World::new();
    let center = world.center();
    let console = center.console.clone().expect("the console has a port");
    let clerk = Clerk::at(&console, "clerk-131016");
    let state = || {
        let script = "const by = id => document.getElementById(id); \
                      return [by('consent').disabled, by('consent').checked, by('ask').disabled]";
        clerk.browser.run(script)
    };
    let tick = || clerk.browser.run("document.getElementById('consent').click()");
    for tab in ["/moving", "/moving?by=attributes"] {
        clerk.open(tab);
        assert_eq!(state(), serde_json::json!([true, false, true]), "no municipality is chosen");
        clerk.fill("#peer", "141003");
        assert_eq!(state(), serde_json::json!([true, false, false]), "both agreed");
        clerk.fill("#peer", "472018");
        assert_eq!(state(), serde_json::json!([false, false, true]), "consent is required");
        clerk.picture("moving");
        tick();
        assert_eq!(state(), serde_json::json!([false, true, false]));
        clerk.fill("#peer", "");
        assert_eq!(state(), serde_json::json!([true, false, true]), "nothing of the tick is left");
    }
    assert!(clerk.browser.errors().is_empty(), "{:?}", clerk.browser.errors());
    center.stop();
}

/// Asserts that axe-core finds nothing on the page that is open, that it is not wider than the window, and that every
/// field has its label.
#[track_caller]
fn assert_usable(clerk: &Clerk, state: &str) {
    let violations = clerk.browser.violations();
    assert!(violations.is_empty(), "{state}: {violations:?}");
    let excess = clerk.browser.run("return document.documentElement.scrollWidth - window.innerWidth");
    assert!(excess.as_i64().is_some_and(|excess| excess <= 0), "{state} is wider than its window by {excess}");
    let unnamed = clerk.browser.run(
        "return [...document.querySelectorAll('input:not([type=hidden]), select, textarea')].filter(f => !f.labels.length).length",
    );
    assert_eq!(unnamed, 0, "{state}: every field has its label");
}

/// Pages that only a form leads to, each opened and looked at.
fn walk_results(clerk: &Clerk, number: &str, state: &str) {
    clerk.find("/records", number);
    assert_usable(clerk, &format!("a person {state}"));
    clerk.find("/certificate", number);
    assert_usable(clerk, &format!("a certificate's form {state}"));
    clerk.open("/nothing");
    assert_usable(clerk, &format!("a page that is not there {state}"));
}

#[test]
fn every_page_is_usable_on_a_small_screen_and_magnified() {
    let world = World::new();
    let center = world.center();
    let console = center.console.clone().expect("the console has a port");
    let number = world.resident("hanako").my_number.clone();
    for account in ["supervisor-131016", "operator-1"] {
        let clerk = Clerk::at(&console, account);
        // A desk; a phone of 320 px; a desk of 1280 px at 200 %: half as many pixels of the page, twice as dense.
        for (state, size, density) in
            [("desk", (1280, 900), 1), ("narrow", (320, 640), 1), ("magnified", (640, 450), 2)]
        {
            clerk.browser.resize_with(size, density);
            for path in center::console::menu_paths().chain(["/password", "/reports/issues"]) {
                clerk.open(path);
                assert_usable(&clerk, &format!("{path} {state}"));
                clerk.picture(&format!("{account}-{state}-{}", path.replace('/', "")));
            }
            if account == "supervisor-131016" {
                walk_results(&clerk, &number, state);
            }
        }
        clerk.open("/guide");
        clerk.press("form[action='/logout'] button");
        assert_usable(&clerk, "the login");
        clerk.browser.go("data:text/html,<title>Blind?</title><p>A picture without words: <img src='x'>");
        assert!(!clerk.browser.violations().is_empty(), "axe-core finds nothing anywhere");
    }
    center.stop();
}

#[test]
fn everything_is_reached_by_keyboard_alone_and_shows_where_it_is() {
    let world = World::new();
    let center = world.center();
    let console = center.console.clone().expect("the console has a port");
    let browser = Browser::open(1280, 900, "ja");
    browser.go(&console);
    let tab_to = |id: &str| {
        tests::program::wait_for(id, 30, || {
            browser.press(key::TAB);
            (browser.focus() == id).then_some(())
        });
    };
    tab_to("account");
    browser.press("supervisor-131016");
    browser.press(key::TAB);
    assert_eq!(browser.focus(), "password");
    browser.press("konbini test bench");
    browser.press(key::RETURN);
    browser.wait_until("the first page", "return document.body.innerText.includes('接種状況')");
    for path in center::console::menu_paths() {
        browser.go(&format!("{console}{path}"));
        let unreached = browser.unreached_by_keyboard();
        assert!(unreached.is_empty(), "{path}: {unreached:?}");
    }
    // A whole search without a mouse, from the number to the person's page.
    browser.go(&format!("{console}/records"));
    tab_to("my_number");
    browser.press(&world.resident("hanako").my_number);
    tab_to("by-number-reason");
    browser.press(key::DOWN);
    tab_to("by-number-case");
    browser.press(key::RETURN);
    browser.wait_until("somebody is found", "return document.body.innerText.includes('検索結果')");
    let opens = "return document.activeElement.form?.getAttribute('action') === '/records/person'";
    tests::program::wait_for("the button that opens", 30, || {
        browser.press(key::TAB);
        (browser.run(opens) == Value::Bool(true)).then_some(())
    });
    browser.press(key::RETURN);
    browser.wait_until("the person", "return document.body.innerText.includes('発行履歴')");
    center.stop();
}
