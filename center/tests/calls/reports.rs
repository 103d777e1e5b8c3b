//! Reports and the impact assessment through the console's real router: the figures, their forms, and who gets them.

use axum::http::StatusCode;
use serde_json::json;

use crate::bench::{Bench, key, kiosk, resident, wish};
use crate::browser::Browser;

/// The text of a PDF, as poppler reads it.
fn text_of(pdf: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    // Of Debian's poppler-utils.
    let output = std::process::Command::new("pdftotext").args(["-layout"]).arg(file.path()).arg("-").output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

/// Two copies taken, one refunded, one cancelled, at terminal 0001.
async fn sold(bench: &Bench) {
    let terminal = kiosk("0001");
    for (number, copies, outcome) in [(1, 2, "taken"), (2, 1, "refunded"), (3, 1, "cancelled")] {
        let holder = bench.prove(&terminal, "hanako").await.unwrap();
        let mut wish = wish(&holder, "domestic");
        wish["copies"] = json!(copies);
        bench.issue(&terminal, &key(number), &wish).await.unwrap();
        bench.tell(&terminal, &key(number), outcome).await.unwrap();
    }
}

#[tokio::test]
async fn chains_owe_what_was_taken_and_nothing_that_was_given_back() {
    let bench = Bench::new();
    sold(&bench).await;
    let operator = Browser::new(&bench).logged_in("operator-1").await;
    let csv = operator.get("/reports/settlement.csv?year=2022").await;
    assert_eq!(csv.status, StatusCode::OK, "{}", csv.text);
    assert!(csv.text.contains("合計,2,240,1,120,0\r\n"), "{}", csv.text);
    let before = operator.get("/reports/settlement.csv?year=2021").await;
    assert!(before.text.contains("合計,0,0,0,0,0\r\n"), "the year before: {}", before.text);
    let page = operator.get("/reports/settlement?year=2022").await;
    assert!(page.text.contains("<svg") && page.text.contains("240"), "{}", page.text);
    let pdf = operator.file("/reports/settlement.pdf?year=2022").await;
    assert!(pdf.len() < 200_000, "it carries the glyphs that it uses, not a whole typeface: {}", pdf.len());
    let text = text_of(&pdf);
    assert!(text.contains("コンビニ事業者別の精算") && text.contains("240"), "{text}");
}

#[tokio::test]
async fn issues_are_counted_by_channel_and_municipality_and_the_published_year_is_there() {
    let bench = Bench::new();
    sold(&bench).await;
    let supervisor = Browser::new(&bench).logged_in("supervisor-131016").await;
    let own = supervisor.get("/reports/issues.csv").await;
    assert!(own.text.contains("令和4年度,1,0,0,1\r\n"), "one certificate of two copies: {}", own.text);
    let other = supervisor.beside().logged_in("supervisor-472018").await;
    assert!(other.get("/reports/issues.csv").await.text.contains("令和4年度,0,0,0,0\r\n"));
    let operator = supervisor.beside().logged_in("operator-1").await;
    let kinds = operator.get("/reports/kinds.csv").await;
    assert!(kinds.text.contains("合計,\"13,972,911\",2\r\n"), "{}", kinds.text);
    let participation = operator.get("/reports/participation").await;
    assert!(participation.text.contains("千代田区"), "{}", participation.text);
}

#[tokio::test]
async fn each_report_goes_only_to_whom_it_concerns() {
    let bench = Bench::new();
    let clerk = Browser::new(&bench).logged_in("clerk-131016").await;
    let supervisor = clerk.beside().logged_in("supervisor-131016").await;
    let operator = clerk.beside().logged_in("operator-1").await;
    let national = ["kinds", "participation", "settlement", "assessments"];
    for end in ["", ".csv", ".pdf"] {
        for name in ["issues", "uses"].iter().chain(&national) {
            let path = format!("/reports/{name}{end}");
            assert_eq!(clerk.get(&path).await.status, StatusCode::FORBIDDEN, "clerk {path}");
        }
        for name in national {
            let path = format!("/reports/{name}{end}");
            assert_eq!(supervisor.get(&path).await.status, StatusCode::FORBIDDEN, "supervisor {path}");
        }
        let uses = operator.get(&format!("/reports/uses{end}")).await;
        assert_eq!(uses.status, StatusCode::FORBIDDEN, "an operator sees no municipality's work");
    }
    for path in ["/reports/nothing", "/reports/issues.exe", "/reports/issues?year=x"] {
        assert_eq!(operator.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/assessment", "/assessment.pdf"] {
        assert_eq!(clerk.get(path).await.status, StatusCode::FORBIDDEN, "clerk {path}");
    }
}

#[tokio::test]
async fn the_record_of_uses_tells_who_why_and_no_name() {
    let bench = Bench::new();
    let (_, number) = resident("hanako");
    let clerk = Browser::new(&bench).logged_in("clerk-131016").await;
    let fields = [("my_number", number.as_str()), ("reason", "own-inquiry"), ("case", "A-17")];
    clerk.post("/records/find", &fields).await;
    let foreign = clerk.beside().logged_in("clerk-472018").await;
    foreign.post("/records/find", &[("my_number", number.as_str()), ("reason", "application")]).await;
    let supervisor = clerk.beside().logged_in("supervisor-131016").await;
    let csv = supervisor.get("/reports/uses.csv").await.text;
    let line = csv.lines().find(|line| line.contains("A-17")).expect("the look is there");
    assert!(line.starts_with("2022-10-03 12:00,clerk-131016,閲覧,"), "{line}");
    assert!(!csv.contains("青葉") && !csv.contains(&number), "{csv}");
    assert!(!csv.contains("clerk-472018"), "another municipality's work is not told");
    let theirs = supervisor.beside().logged_in("supervisor-472018").await.get("/reports/uses.csv").await.text;
    assert!(theirs.contains("clerk-472018,検索（該当なし）,－"), "{theirs}");
}

async fn declare(supervisor: &Browser, subjects: &str, assessment: &str) {
    let profile = [("contact", "健康課"), ("subjects", subjects), ("handlers", "20"), ("assessment", assessment)];
    assert_eq!(supervisor.post("/terms/profile", &profile).await.location, "/terms");
}

#[tokio::test]
async fn a_figure_that_crosses_a_threshold_is_judged_anew_and_what_was_done_is_done_in_part() {
    let bench = Bench::new();
    let supervisor = Browser::new(&bench).logged_in("supervisor-131016").await;
    declare(&supervisor, "99999", "done").await;
    let state = async || {
        let page = supervisor.get("/terms").await.text;
        let chosen =
            page.split("<option value=\"").find(|option| option.contains(" selected") && option.contains("実施"));
        chosen.unwrap().split('"').next().unwrap().to_owned()
    };
    assert_eq!(state().await, "done");
    bench.clock.advance(std::time::Duration::from_mins(1));
    declare(&supervisor, "100000", "done").await;
    assert_eq!(state().await, "partly", "the basic assessment is not the focused one");
    let page = supervisor.get("/assessment").await.text;
    assert!(page.contains("前回の判断より重い評価が必要になりました"), "{page}");
    assert_eq!(page.matches("99,999").count() + page.matches("100,000</td>").count(), 2, "both judgements: {page}");
    declare(&supervisor, "100000", "done").await;
    assert_eq!(state().await, "done", "once it is done it stays so");
    assert!(!supervisor.get("/assessment").await.text.contains("前回の判断より"));
    declare(&supervisor, "9999", "done").await;
    assert_eq!(state().await, "done", "a lighter duty takes nothing back");
    let operator = supervisor.beside().logged_in("operator-1").await;
    let status = operator.get("/reports/assessments.csv").await.text;
    assert!(status.contains("実施済み,1\r\n一部実施,0\r\n未実施,0\r\n"), "{status}");
    assert!(status.contains("131016,千代田区,\"9,999\",基礎項目評価,実施済み"), "{status}");
}

#[tokio::test]
async fn the_sheet_is_saved_kept_as_text_and_printed_with_the_judgement() {
    let bench = Bench::new();
    let supervisor = Browser::new(&bench).logged_in("supervisor-131016").await;
    declare(&supervisor, "300000", "partly").await;
    let fields = [("task", "予防接種に関する事務<script>"), ("security", "施錠した部屋に保管し、\n持ち出しを記録する")];
    assert_eq!(supervisor.post("/assessment/sheet", &fields).await.location, "/assessment");
    let page = supervisor.get("/assessment").await.text;
    assert!(page.contains("予防接種に関する事務&lt;script&gt;") && page.contains("未記入の項目：16"), "{page}");
    let text = text_of(&supervisor.file("/assessment.pdf").await);
    for item in
        ["千代田区", "予防接種に関する事務<script>", "施錠した部屋", "300,000", "基礎項目評価＋全項目評価", "該当"]
    {
        assert!(text.contains(item), "{item} is not in {text}");
    }
    let long = "あ".repeat(1001);
    let refused = supervisor.post("/assessment/sheet", &[("task", long.as_str())]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let clerk = supervisor.beside().logged_in("clerk-131016").await;
    assert_eq!(clerk.post("/assessment/sheet", &fields).await.status, StatusCode::FORBIDDEN);
    bench.center.store.verify().unwrap();
}
