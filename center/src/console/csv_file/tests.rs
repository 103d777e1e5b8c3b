//! What registers send: every encoding, and every way a line can be wrong.

use super::*;

const GOOD: &str =
    "123456789018,100,検査　花子,東京都,1980-02-17,2,1,2021-07-01,コミナティ,EY0001,会場,医師,0000000001,131016";

fn heading() -> String {
    COLUMNS.join(",")
}

#[expect(clippy::unwrap_in_result, reason = "constants of the test")]
fn read_bytes_at(bytes: &[u8], now: &str) -> Result<Preview, FileFault> {
    let municipality = MunicipalityCode::parse("131016").unwrap();
    read(bytes, Reading { municipality: &municipality, now: now.parse().unwrap() })
}

fn read_text(text: &str) -> Result<Preview, FileFault> {
    read_bytes(text.as_bytes())
}

fn read_bytes(bytes: &[u8]) -> Result<Preview, FileFault> {
    read_bytes_at(bytes, "2022-10-03T01:00:00Z")
}

fn wrong(line: &str) -> (&'static str, &'static str) {
    let lines = [&heading(), GOOD, line, ""];
    // Programs of every kind end their lines otherwise; people see the same line numbers.
    for (end, number) in [("\r\n", 3), ("\n\n", 5), ("\r\n\r\n", 5)] {
        let preview = read_text(&lines.join(end)).unwrap();
        assert_eq!((preview.lines, preview.bad, preview.told[0].line), (2, 1, number), "{line} {end:?}");
    }
    let preview = read_text(&lines.join("\n")).unwrap();
    assert_eq!((preview.lines, preview.bad, preview.told[0].line), (2, 1, 3), "{line}");
    (preview.told[0].column, preview.told[0].words)
}

#[test]
fn the_same_file_is_read_in_every_encoding() {
    let text = format!("{}\r\n{GOOD}\r\n", heading());
    let (shift_jis, _, failed) = SHIFT_JIS.encode(&text);
    assert!(!failed);
    let marked = [&b"\xEF\xBB\xBF"[..], text.as_bytes()].concat();
    let files = [(text.as_bytes(), "UTF-8"), (&marked, "UTF-8（BOM付き）"), (&shift_jis, "Shift_JIS")];
    for (bytes, encoding) in files {
        let preview = read_bytes(bytes).unwrap();
        assert_eq!((preview.encoding, preview.bad, preview.registrations.len()), (encoding, 0, 1));
        assert_eq!(preview.registrations[0].record.attributes.name, "検査　花子");
    }
    assert_eq!(read_bytes(b"\xff\xfe\x00\x81").err(), Some(FileFault::Encoding));
}

#[test]
fn full_width_digits_and_other_dates_are_read_alike() {
    let line = "１２３４５６７８９０１８,１００,検査　花子,東京都,１９８０／０２／１７,２,１,20210701,COVID-19ワクチンモデルナ,EY0001,会場,医師,００００００００01,１３１０１６";
    let preview = read_text(&format!("{}\n{line}\n", heading())).unwrap();
    assert_eq!(preview.bad, 0, "{:?}", preview.told);
    let record = &preview.registrations[0].record;
    assert_eq!(record.my_number, "123456789018");
    assert_eq!(record.doses[0].product, Product::Spikevax);
    assert_eq!(record.doses[0].date, jiff::civil::date(2021, 7, 1));
}

#[test]
fn a_file_with_other_columns_is_refused_as_a_whole() {
    assert_eq!(read_text("").err(), Some(FileFault::Columns));
    assert_eq!(read_text(&format!("氏名,住所\n{GOOD}")).err(), Some(FileFault::Columns));
    assert_eq!(read_text(&heading()).err(), Some(FileFault::Empty));
}

#[test]
fn each_bad_line_is_named_with_its_column() {
    let cases = [
        ("123456789018", "123456789010", "個人番号"),
        ("検査　花子", "検査\u{202E}花子", "氏名"),
        ("検査　花子", "検査\u{200B}花子", "氏名"),
        ("1980-02-17", "1980-02-30", "生年月日"),
        ("1980-02-17", "2022-10-04", "生年月日"),
        (",2,1,", ",5,1,", "性別"),
        (",2,1,", ",2,0,", "接種回数"),
        ("2021-07-01", "2021-06-31", "接種日"),
        ("2021-07-01", "2023-07-01", "接種日"),
        ("コミナティ", "水", "ワクチン"),
        ("EY0001", "EY0001EY0001EY0001EY0001", "ロット"),
        ("0000000001", "1", "券番号"),
        ("131016", "131010", "市区町村コード"),
        ("131016", "141003", "市区町村コード"),
    ];
    for (from, to, column) in cases {
        assert_eq!(wrong(&GOOD.replacen(from, to, 1)).0, column, "{to}");
    }
    assert_eq!(wrong("一つだけ"), ("", "列の数が違います（14列）。"));
}

#[test]
fn a_coupon_of_two_persons_and_a_dose_given_twice_are_found() {
    let other = GOOD.replacen("123456789018", "210987654320", 1);
    let other = if MyNumber::parse("210987654320").is_ok() { other } else { panic!("a number of another person") };
    assert_eq!(wrong(&other).0, "券番号");
    assert_eq!(wrong(GOOD).0, "接種回数");
    assert_eq!(wrong(&GOOD.replacen("東京都", "大阪府", 1)).0, "氏名");
}

#[test]
fn scripts_stay_text() {
    let line = GOOD.replacen("会場", "<script>alert(1)</script>", 1);
    let preview = read_text(&format!("{}\n{line}\n", heading())).unwrap();
    assert_eq!(preview.registrations[0].record.doses[0].place, "<script>alert(1)</script>");
}

#[test]
fn one_bad_line_among_many_is_found_and_the_others_are_kept() {
    let line = |number: u32| {
        let digits: [u8; 12] = format!("{number:011}0").into_bytes().try_into().unwrap();
        let check = char::from(MyNumber::check_digit(&digits));
        format!("{number:011}{check},{number},検査　太郎,東京都,1980-02-17,1,,,,,,,,")
    };
    let lines: Vec<String> = std::iter::once(heading()).chain((0..20_000).map(line)).collect();
    let text = lines.join("\n");
    let text = text.replacen("\n00000012345", "\nx0000012345", 1);
    let preview = read_text(&text).unwrap();
    assert_eq!((preview.lines, preview.bad, preview.registrations.len()), (20_000, 1, 19_999));
    assert_eq!(preview.told[0], BadLine { line: 12_347, column: "個人番号", words: preview.told[0].words });
}
