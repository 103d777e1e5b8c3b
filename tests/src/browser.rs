//! A real browser, driven by the protocol of W3C's `WebDriver`: Debian's Chromium without a window, a fresh profile each time.

use std::io::{BufRead as _, BufReader, Lines};
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::program::{self, Running};

/// A browser window. It ends when this is dropped.
#[derive(Debug)]
pub struct Browser {
    driver: Running,
    session: String,
    client: reqwest::blocking::Client,
    /// Kept open: the driver would end with its output.
    _said: Lines<BufReader<ChildStdout>>,
    _profile: tempfile::TempDir,
}

/// Keys as `WebDriver` names them.
pub mod key {
    /// Tabulator.
    pub const TAB: &str = "\u{E004}";
    /// Return.
    pub const RETURN: &str = "\u{E006}";
    /// Right arrow.
    pub const RIGHT: &str = "\u{E014}";
    /// Down arrow.
    pub const DOWN: &str = "\u{E015}";
    /// Space.
    pub const SPACE: &str = " ";
}

/// What an element is called in the protocol.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How long a page may take to show what is waited for.
const PATIENCE_SECONDS: u64 = 120;

impl Browser {
    /// Opens a window of this size that asks for pages in this language.
    #[track_caller]
    pub fn open(width: u32, height: u32, language: &str) -> Self {
        let mut driver = Running::start(
            Command::new("chromedriver")
                .arg("--port=0")
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        );
        let output = driver.child().stdout.take().expect("the driver's output");
        let mut said = BufReader::new(output).lines();
        let port = said
            .by_ref()
            .map_while(Result::ok)
            .filter(|line| line.contains("successfully"))
            .find_map(|line| line.rsplit_once("on port ").map(|(_, port)| port.trim_end_matches('.').to_owned()))
            .expect("the driver says its port");
        let client = program::http_client().timeout(Duration::from_secs(PATIENCE_SECONDS)).build().expect("a client");
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let size = format!("--window-size={width},{height}");
        let data = format!("--user-data-dir={}", profile.path().display());
        let lang = format!("--lang={language}");
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            size.as_str(),
            data.as_str(),
            lang.as_str(),
        ];
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "args": arguments, "prefs": { "intl.accept_languages": language } },
            "goog:loggingPrefs": { "browser": "ALL" },
        }}});
        let base = format!("http://127.0.0.1:{port}/session");
        let answer = call(client.post(&base).json(&wanted));
        let session = format!("{base}/{}", answer["sessionId"].as_str().expect("a session"));
        Self { driver, session, client, _said: said, _profile: profile }
    }

    /// Goes to a page.
    #[track_caller]
    pub fn go(&self, address: &str) {
        self.post("url", &json!({ "url": address }));
    }

    /// Runs a script in the page and gives what it returns.
    #[track_caller]
    pub fn run(&self, script: &str) -> Value {
        self.post("execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Runs a script that calls its last argument when it is done.
    #[track_caller]
    pub fn run_and_wait(&self, script: &str) -> Value {
        self.post("timeouts", &json!({ "script": PATIENCE_SECONDS * 1000 }));
        self.post("execute/async", &json!({ "script": script, "args": [] }))
    }

    /// The text of the element with this id, as it is shown.
    #[track_caller]
    pub fn text(&self, id: &str) -> String {
        let element = self.element(id);
        self.get(&format!("element/{element}/text")).as_str().unwrap_or_default().to_owned()
    }

    /// Gives files to the file field with this id, as choosing them does.
    #[track_caller]
    pub fn choose(&self, id: &str, files: &[&Path]) {
        let paths: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        let element = self.element(id);
        self.post(&format!("element/{element}/value"), &json!({ "text": paths.join("\n") }));
    }

    /// Presses keys, wherever the keyboard is at.
    #[track_caller]
    pub fn press(&self, keys: &str) {
        let strokes: Vec<Value> = keys
            .chars()
            .flat_map(|key| ["keyDown", "keyUp"].map(|stroke| json!({ "type": stroke, "value": key.to_string() })))
            .collect();
        self.post("actions", &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes }] }));
    }

    /// The id of the element that the keyboard is at.
    #[track_caller]
    pub fn focus(&self) -> String {
        let id = self.run("return document.activeElement ? (document.activeElement.id || document.activeElement.value || document.activeElement.tagName) : ''");
        id.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a script returns something true.
    #[track_caller]
    pub fn wait_until(&self, what: &str, script: &str) {
        program::wait_for(what, PATIENCE_SECONDS, || (self.run(script) == Value::Bool(true)).then_some(()));
    }

    /// What axe-core finds against WCAG 2.2 A and AA and its own best practices, a line a rule with the first place.
    #[track_caller]
    pub fn violations(&self) -> Vec<String> {
        let engine = crate::shape::top().join("target/oracles/axe.min.js");
        let engine = std::fs::read_to_string(&engine).expect("axe-core is there: run `make setup`");
        self.run(&engine);
        let found = self.run_and_wait(
            "const done = arguments[arguments.length - 1];
             axe.run(document).then(({ violations }) => done(violations.map(({ id, nodes }) => id + ': ' + nodes[0].html)));",
        );
        let lines = found.as_array().cloned().unwrap_or_default();
        lines.iter().map(|line| line.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Tabs once through the whole page; gives what can be operated and was never reached, or showed no outline.
    #[track_caller]
    pub fn unreached_by_keyboard(&self) -> Vec<String> {
        let count = self.run(
            "const wanted = 'a[href], button:enabled, input:enabled:not([type=hidden]), select:enabled, textarea:enabled, \
                             summary, [tabindex=\"0\"]';
             window.stops = [...document.querySelectorAll(wanted)].filter(e => e.checkVisibility());
             window.reached = new Set();
             document.addEventListener('focusin', ({ target }) => {
               if (getComputedStyle(target).outlineStyle !== 'none') window.reached.add(target);
             });
             document.activeElement.blur();
             return window.stops.length + 4 * document.querySelectorAll('input[type=date]').length",
        );
        let presses = count.as_u64().and_then(|count| usize::try_from(count).ok()).unwrap_or(0) + 3;
        self.press(&key::TAB.repeat(presses));
        let left =
            self.run("return window.stops.filter(e => !window.reached.has(e)).map(e => e.outerHTML.slice(0, 120))");
        let lines = left.as_array().cloned().unwrap_or_default();
        lines.iter().map(|line| line.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Makes the window another size.
    #[track_caller]
    pub fn resize(&self, width: u32, height: u32) {
        self.resize_with((width, height), 1);
    }

    /// Makes the window another size, with so many dots of the screen to one of the page, as magnifying does.
    #[track_caller]
    pub fn resize_with(&self, (width, height): (u32, u32), density: u32) {
        // A window has a least width; what it reports to the page has none.
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": density, "mobile": false });
        let command = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": metrics });
        self.post("goog/cdp/execute", &command);
    }

    /// A picture of the whole page, as PNG.
    #[track_caller]
    pub fn picture(&self, file: &Path) {
        let command = json!({ "cmd": "Page.captureScreenshot", "params": { "captureBeyondViewport": true } });
        let answer = self.post("goog/cdp/execute", &command);
        let png = STANDARD.decode(answer["data"].as_str().expect("a picture")).expect("base 64");
        std::fs::write(file, png).expect("the picture is written");
    }

    /// What the browser's console says of errors since the last call: refused sources, failed scripts.
    #[track_caller]
    pub fn errors(&self) -> Vec<String> {
        let log = self.post("se/log", &json!({ "type": "browser" }));
        let lines = log.as_array().cloned().unwrap_or_default();
        lines.iter().filter(|line| line["level"] == "SEVERE").map(|line| line["message"].to_string()).collect()
    }

    fn element(&self, id: &str) -> String {
        let found = self.post("element", &json!({ "using": "css selector", "value": format!("#{id}") }));
        found[ELEMENT].as_str().expect("an element").to_owned()
    }

    #[track_caller]
    fn post(&self, path: &str, body: &Value) -> Value {
        call(self.client.post(format!("{}/{path}", self.session)).json(body))
    }

    #[track_caller]
    fn get(&self, path: &str) -> Value {
        call(self.client.get(format!("{}/{path}", self.session)))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends the browser with the session; then it is ended itself.
        drop(self.client.delete(&self.session).send());
        self.driver.kill();
    }
}

#[track_caller]
fn call(request: reqwest::blocking::RequestBuilder) -> Value {
    let answer: Value = match request.send().and_then(reqwest::blocking::Response::json) {
        Ok(answer) => answer,
        Err(error) => panic!("the browser's driver does not answer ({error}): run `make setup`"),
    };
    let value = answer["value"].clone();
    assert!(value["error"].is_null(), "the browser refused: {} {}", value["error"], value["message"]);
    value
}
