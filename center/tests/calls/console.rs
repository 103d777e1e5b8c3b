//! The municipal console through its real router: who may what, and what the terminal gets afterwards.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use shared::domain::identifiers::MyNumber;
use shared::wire::problem::ProblemCode;
use tower::ServiceExt as _;

use crate::bench::{Bench, key, kiosk, resident, wish, zone};
use crate::browser::{Browser, PASSWORD, form, value_of};

#[tokio::test]
async fn a_municipality_agrees_corrects_and_issues_and_then_the_terminal_does() {
    let bench = Bench::new();
    let terminal = kiosk("0001");
    let (kai, number) = resident("kai");
    let before = bench.prove(&terminal, "kai").await.unwrap();
    let refused = bench.issue(&terminal, &key(1), &wish(&before, "domestic")).await.unwrap_err();
    assert_eq!(refused.code, ProblemCode::MunicipalityNotParticipating);

    let supervisor = Browser::new(&bench).logged_in("supervisor-472018").await;
    for (document, version) in [("confirmation", "2"), ("kiosk-terms", "1")] {
        assert_eq!(supervisor.agree(document, version).await.location, "/terms");
    }
    bench.issue(&terminal, &key(2), &wish(&before, "domestic")).await.expect("the consent opens the next request");

    let clerk = supervisor.beside().logged_in("clerk-472018").await;
    let person = clerk.find(&number).await;
    let purpose = [("person", person.as_str()), ("reason", "correction")];
    let shown = clerk.post("/records/person", &purpose).await.text;
    let (version, birth) = (value_of(&shown, "version"), kai.attributes.birth_date.to_string());
    let dose = &kai.doses[0];
    let (date, dose_number) = (dose.date.to_string(), dose.number);
    let names: Vec<String> =
        ["date", "product", "lot", "place", "doctor"].iter().map(|name| format!("{name}-{dose_number}")).collect();
    let mut fields = vec![
        ("person", person.as_str()),
        ("reason", "correction"),
        ("version", version.as_str()),
        ("name", kai.attributes.name.as_str()),
        ("birth_date", birth.as_str()),
        ("sex", "male"),
        ("address", "那覇市"),
        ("new", "9"),
    ];
    let values = [date.as_str(), dose.product.naming().japanese, "FIXED01", &dose.place, &dose.doctor];
    fields.extend(names.iter().map(String::as_str).zip(values));
    for other in &kai.doses[1..] {
        fields.push((Box::leak(format!("remove-{}", other.number).into_boxed_str()), "yes"));
    }
    let corrected = clerk.post("/records/correct", &fields).await;
    assert_eq!(corrected.status, StatusCode::OK, "{}", corrected.text);
    let again = clerk.post("/records/correct", &fields).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text.contains("clerk-472018"), "who was first is named");
    let paper = bench.issue(&terminal, &key(3), &wish(&before, "domestic")).await.unwrap();
    assert_eq!(paper["content"]["doses"][0]["lot"], "FIXED01");

    let zone = zone("TK7654321", kai.attributes.birth_date);
    let form_key = "0123456789abcdef0123456789abcdef";
    let application = [
        ("person", person.as_str()),
        ("reason", "application"),
        ("form", "overseas"),
        ("copies", "1"),
        ("key", form_key),
        ("zone", zone.as_str()),
    ];
    let issued = clerk.post("/certificate/issue", &application).await;
    assert_eq!(issued.status, StatusCode::OK, "{}", issued.text);
    let twice = clerk.post("/certificate/issue", &application).await;
    assert_eq!(value_of(&issued.text, "issuance"), value_of(&twice.text, "issuance"), "one form, one certificate");
    let document = clerk.post("/certificate/document", &[("issuance", &value_of(&issued.text, "issuance"))]).await;
    assert_eq!(document.status, StatusCode::OK);
    assert!(document.text.contains("TK7654321"));

    let after = bench.prove(&terminal, "kai").await.unwrap();
    let session = after["session"].as_str().unwrap();
    let path = format!("/v1/holders/{session}/passport");
    bench.call(&terminal, "POST", &path, serde_json::json!({ "number": "TK7654321" })).await.unwrap();
    bench.issue(&terminal, &key(4), &wish(&after, "overseas")).await.expect("the counter registered the passport");

    supervisor.post("/terms/suspend", &[("to", "stopped")]).await;
    let stopped = bench.issue(&terminal, &key(5), &wish(&after, "domestic")).await.unwrap_err();
    assert_eq!(stopped.code, ProblemCode::MunicipalitySuspended);
    bench.center.store.verify().unwrap();
}

#[tokio::test]
async fn without_a_session_there_is_only_the_login() {
    let bench = Bench::new();
    let nobody = Browser::new(&bench);
    for path in ["/", "/records", "/terms", "/accounts", "/moving", "/certificate", "/approvals", "/guide"] {
        assert_eq!(nobody.get(path).await.location, "/login", "{path}");
    }
    assert_eq!(nobody.get("/nothing").await.status, StatusCode::NOT_FOUND);
    let find = form("/records/find", &[("my_number", "123456789018"), ("reason", "application")]);
    assert_eq!(nobody.send(find).await.location, "/login");
}

#[tokio::test]
async fn a_form_from_elsewhere_changes_nothing() {
    let bench = Bench::new();
    let supervisor = Browser::new(&bench).logged_in("supervisor-472018").await;
    let fields = [("document", "confirmation"), ("version", "2")];
    let without = supervisor.send(form("/terms/agree", &fields)).await;
    assert_eq!(without.status, StatusCode::FORBIDDEN);
    let other = supervisor.beside().logged_in("supervisor-131016").await.token().await;
    let with_others = [&fields[..], &[("token", other.as_str())]].concat();
    assert_eq!(supervisor.send(form("/terms/agree", &with_others)).await.status, StatusCode::FORBIDDEN);
    let own = supervisor.token().await;
    let with_own = [&fields[..], &[("token", own.as_str())]].concat();
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")] {
        let mut request = form("/terms/agree", &with_own);
        request.headers_mut().insert(header::HOST, "console.example".parse().unwrap());
        request.headers_mut().insert(name, value.parse().unwrap());
        assert_eq!(supervisor.send(request).await.status, StatusCode::FORBIDDEN, "{name}");
    }
    assert!(!supervisor.get("/terms").await.text.contains("同意済み"));
}

#[tokio::test]
async fn a_session_ends_when_idle_at_its_absolute_end_and_with_its_account() {
    let bench = Bench::new();
    let clerk = Browser::new(&bench).logged_in("clerk-131016").await;
    for _ in 0..16 {
        assert_eq!(clerk.get("/guide").await.status, StatusCode::OK);
        bench.clock.advance(std::time::Duration::from_mins(29));
    }
    assert_eq!(clerk.get("/guide").await.status, StatusCode::OK);
    bench.clock.advance(std::time::Duration::from_mins(17));
    assert_eq!(clerk.get("/guide").await.location, "/login", "eight hours are over");
    let clerk = clerk.beside().logged_in("clerk-131016").await;
    bench.clock.advance(std::time::Duration::from_mins(31));
    assert_eq!(clerk.get("/guide").await.location, "/login", "half an hour without a request");
    let clerk = clerk.beside().logged_in("clerk-131016").await;
    let supervisor = clerk.beside().logged_in("supervisor-131016").await;
    let disabled = supervisor.post("/accounts/change", &[("account", "clerk-131016"), ("change", "disable")]).await;
    assert_eq!(disabled.location, "/accounts");
    assert_eq!(clerk.get("/guide").await.location, "/login", "the account ended");
    assert_eq!(clerk.beside().log_in("clerk-131016", PASSWORD).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_token_does_not_survive_a_login_or_a_logout() {
    let bench = Bench::new();
    let mut clerk = Browser::new(&bench).logged_in("clerk-131016").await;
    let first = clerk.cookie.clone();
    clerk.log_in("clerk-131016", PASSWORD).await;
    assert_ne!(clerk.cookie, first);
    let former = Browser { cookie: first, ..clerk.beside() };
    assert_eq!(former.get("/guide").await.location, "/login");
    clerk.post("/logout", &[]).await;
    assert_eq!(clerk.get("/guide").await.location, "/login");
}

#[tokio::test]
async fn the_cookie_is_for_this_host_over_tls_and_for_no_script() {
    let bench = Bench::new();
    let browser = Browser::new(&bench);
    let login = form("/login", &[("account", "clerk-131016"), ("password", PASSWORD)]);
    let answer = browser.app.clone().oneshot(login).await.unwrap();
    let cookie = answer.headers().get(header::SET_COOKIE).unwrap().to_str().unwrap();
    assert!(cookie.starts_with("__Host-"), "{cookie}");
    for flag in ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.split("; ").any(|part| part == flag), "{flag}: {cookie}");
    }
    for name in ["x-content-type-options", "x-frame-options", "referrer-policy", "cache-control"] {
        assert!(answer.headers().contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn a_new_password_takes_the_present_one_and_ends_the_other_sessions() {
    let bench = Bench::new();
    let mut clerk = Browser::new(&bench).logged_in("clerk-131016").await;
    let other = clerk.beside().logged_in("clerk-131016").await;
    let change = async |clerk: &Browser, present: &str| {
        let chosen = "seven wet lanterns";
        clerk.post("/password", &[("present", present), ("new", chosen), ("again", chosen)]).await
    };
    assert_eq!(change(&clerk, "another password").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.get("/guide").await.status, StatusCode::OK, "nothing changed");
    clerk.cookie = change(&clerk, PASSWORD).await.cookie;
    assert_eq!(clerk.get("/guide").await.status, StatusCode::OK);
    assert_eq!(other.get("/guide").await.location, "/login");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_look_the_same_and_slow_down() {
    let bench = Bench::new();
    let mut browser = Browser::new(&bench);
    let wrong = browser.log_in("clerk-131016", "another password").await;
    let unknown = browser.log_in("nobody-at-all", "another password").await;
    assert_eq!((wrong.status, &wrong.text), (unknown.status, &unknown.text));
    for _ in 0..3 {
        browser.log_in("clerk-131016", "another password").await;
    }
    assert_eq!(browser.log_in("clerk-131016", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    bench.clock.advance(std::time::Duration::from_mins(1));
    assert_eq!(browser.log_in("clerk-131016", PASSWORD).await.location, "/");
}

#[tokio::test]
async fn each_right_is_refused_by_the_server_alone() {
    let bench = Bench::new();
    let clerk = Browser::new(&bench).logged_in("clerk-472018").await;
    assert_eq!(clerk.agree("confirmation", "2").await.status, StatusCode::FORBIDDEN);
    assert_eq!(clerk.post("/terms/suspend", &[("to", "stopped")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(clerk.get("/accounts").await.status, StatusCode::FORBIDDEN);
    let message = [("title", "件名"), ("body", "本文")];
    assert_eq!(clerk.post("/messages", &message).await.status, StatusCode::FORBIDDEN);
    let operator = clerk.beside().logged_in("operator-1").await;
    let (_, number) = resident("hanako");
    let find = [("my_number", number.as_str()), ("reason", "application")];
    assert_eq!(operator.post("/records/find", &find).await.status, StatusCode::FORBIDDEN);
    let unasked = clerk.post("/records/find", &[("my_number", number.as_str()), ("reason", "")]).await;
    assert_eq!(unasked.status, StatusCode::UNPROCESSABLE_ENTITY, "no look without a reason");
    let foreign = clerk.post("/records/find", &find).await;
    assert!(!foreign.text.contains("青葉"), "another municipality's person is not shown");
}

/// A well-formed number that nobody in the world has.
fn unused_number() -> String {
    let digits = *b"777777777770";
    format!("77777777777{}", char::from(MyNumber::check_digit(&digits)))
}

#[tokio::test]
async fn a_number_of_somebody_elsewhere_and_of_nobody_get_the_same_answer() {
    let bench = Bench::new();
    let clerk = Browser::new(&bench).logged_in("clerk-472018").await;
    let find = async |number: &str| {
        let page = clerk.post("/records/find", &[("my_number", number), ("reason", "application")]).await;
        (page.status, page.text)
    };
    let (_, elsewhere) = resident("hanako");
    assert_eq!(find(&elsewhere).await, find(&unused_number()).await, "the page is no register of who exists");
    let supervisor = clerk.beside().logged_in("supervisor-472018").await;
    let uses = supervisor.get("/reports/uses.csv").await.text;
    assert_eq!(uses.matches("検索（該当なし）,－").count(), 2, "nor is the record of uses: {uses}");
}

#[tokio::test]
async fn an_inquiry_follows_the_table_on_the_server() {
    let bench = Bench::new();
    let clerk = Browser::new(&bench).logged_in("clerk-472018").await;
    let (_, number) = resident("hanako");
    let ask = async |browser: &Browser, extra: &[(&str, &str)]| {
        let fields = [&[("my_number", number.as_str())][..], extra].concat();
        browser.post("/moving/inquire", &fields).await
    };
    assert_eq!(ask(&clerk, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "no municipality is chosen");
    let peer = ("peer", "131016");
    assert_eq!(ask(&clerk, &[peer]).await.status, StatusCode::FORBIDDEN, "consent is required");
    assert!(ask(&clerk, &[peer, ("consent", "yes")]).await.text.contains("青葉"));
    let supervisor = clerk.beside().logged_in("supervisor-472018").await;
    supervisor.agree("confirmation", "2").await;
    supervisor.agree("confirmation-addition", "1").await;
    let page = ask(&clerk, &[peer]).await;
    assert!(page.text.contains("青葉"), "both agreed: no consent is needed");
    let person = value_of(&page.text, "person");
    let moved = clerk.post("/moving/take-over", &[("person", &person), peer]).await;
    assert_eq!(moved.location, "/records");
    assert_eq!(clerk.find(&number).await, person);
}

#[tokio::test]
async fn a_file_is_shown_first_and_taken_once() {
    let bench = Bench::new();
    let clerk = Browser::new(&bench).logged_in("clerk-131016").await;
    let number = unused_number();
    let heading =
        "個人番号,宛名番号,氏名,住所,生年月日,性別,接種回数,接種日,ワクチン,ロット,接種会場,医師,券番号,市区町村コード";
    let good =
        format!("{number},,検査　<b>太郎</b>,東京都,1990-05-05,1,1,2021-08-01,コミナティ,EY0001,会場,医師,0000000077,");
    let csv = format!("{heading}\r\n{good}\r\n{number},,検査,東京都,1990-02-30,1,,,,,,,,\r\n");
    let upload = async |token: &str| {
        let body = format!(
            "--X\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n{token}\r\n\
             --X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{csv}\r\n--X--\r\n"
        );
        let request =
            Request::post("/registration/file").header(header::CONTENT_TYPE, "multipart/form-data; boundary=X");
        clerk.send(request.body(Body::from(body)).unwrap()).await
    };
    assert_eq!(upload("wrong").await.status, StatusCode::FORBIDDEN);
    let shown = upload(&clerk.token().await).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    assert!(shown.text.contains("生年月日") && shown.text.contains("誤りのある行は"));
    let find = [("my_number", number.as_str()), ("reason", "application")];
    assert!(!clerk.post("/records/find", &find).await.text.contains("太郎"), "nothing is taken yet");
    let staged = value_of(&shown.text, "staged");
    let others = clerk.beside().logged_in("supervisor-131016").await;
    let by_another = others.post("/registration/confirm", &[("staged", &staged)]).await;
    assert_eq!(by_another.status, StatusCode::UNPROCESSABLE_ENTITY);
    bench.clock.advance(std::time::Duration::from_mins(29));
    assert_eq!(clerk.get("/guide").await.status, StatusCode::OK);
    bench.clock.advance(std::time::Duration::from_mins(2));
    let late = clerk.post("/registration/confirm", &[("staged", &staged)]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "it was shown half an hour ago");
    let staged = value_of(&upload(&clerk.token().await).await.text, "staged");
    let taken = clerk.post("/registration/confirm", &[("staged", &staged)]).await;
    assert!(taken.text.contains("新規1人"), "{}", taken.text);
    assert_eq!(
        clerk.post("/registration/confirm", &[("staged", &staged)]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let found = clerk.post("/records/find", &find).await.text;
    assert!(found.contains("&lt;b&gt;太郎"), "a script stays text");
}

#[tokio::test]
async fn the_ledger_leaves_after_another_approved() {
    let bench = Bench::new();
    let clerk = Browser::new(&bench).logged_in("clerk-131016").await;
    let supervisor = clerk.beside().logged_in("supervisor-131016").await;
    assert_eq!(clerk.post("/export/request", &[("reason", "ledger")]).await.location, "/approvals");
    let approval = value_of(&supervisor.get("/approvals").await.text, "approval");
    let fields = [("approval", approval.as_str())];
    assert_eq!(clerk.post("/export/file", &fields).await.status, StatusCode::FORBIDDEN);
    let grant = [("approval", approval.as_str()), ("decision", "grant")];
    assert_eq!(clerk.post("/approvals/decide", &grant).await.status, StatusCode::FORBIDDEN);
    assert_eq!(supervisor.post("/approvals/decide", &grant).await.location, "/approvals");
    let file = clerk.post("/export/file", &fields).await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.text.starts_with("\u{feff}宛名番号,登録日時1,接種日1,券番号1,市区町村コード1"));
    assert!(file.text.lines().count() > 3, "hanako, taro and aoi at least");
    assert_eq!(clerk.post("/export/file", &fields).await.status, StatusCode::FORBIDDEN, "once");
}

#[tokio::test]
async fn an_initial_password_is_replaced_before_anything_else() {
    let bench = Bench::new();
    let supervisor = Browser::new(&bench).logged_in("supervisor-131016").await;
    let added = supervisor.post("/accounts/add", &[("account", "new-clerk"), ("role", "clerk")]).await;
    let (_, rest) = added.text.split_once("<code>").expect("the password is shown once");
    let password = rest.split('<').next().unwrap();
    let mut new = supervisor.beside();
    new.log_in("new-clerk", password).await;
    assert_eq!(new.get("/records").await.location, "/password");
    let easy = [("present", password), ("new", "aaaaaaaaaaaa"), ("again", "aaaaaaaaaaaa")];
    assert_eq!(new.post("/password", &easy).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let chosen = "seven wet lanterns";
    let change = [("present", password), ("new", chosen), ("again", chosen)];
    let changed = new.post("/password", &change).await;
    new.cookie.clone_from(&changed.cookie);
    assert_eq!(new.get("/records").await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_page_of_the_menu_opens_and_carries_nothing_inline() {
    let bench = Bench::new();
    let supervisor = Browser::new(&bench).logged_in("supervisor-131016").await;
    for path in center::console::menu_paths() {
        let page = supervisor.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.text.contains("aria-current=\"page\""), "{path}");
        assert!(!page.text.contains(" style=") && !page.text.contains(" onclick="), "{path}");
    }
}
