//! The CSV of データ登録: read line by line, every bad line named by number and column, nothing taken here.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord, Trim};
use encoding_rs::SHIFT_JIS;
use jiff::Timestamp;
use jiff::civil::Date;
use shared::clock::japan;
use shared::domain::identifiers::{MunicipalityCode, MyNumber};
use shared::domain::municipality;
use shared::domain::person::{Attributes, Sex};
use shared::domain::vaccine::Product;
use shared::records::{AddressNumber, CouponNumber, DoseRecord, PersonRecord};

use super::records::narrow_digits;
use crate::store::ledger::Registration;
use crate::vrs::registration::visible_text;

/// The columns, in their order. Our own: the notice fixes only those of the ledger.
pub(super) const COLUMNS: [&str; 14] = [
    "個人番号",
    "宛名番号",
    "氏名",
    "住所",
    "生年月日",
    "性別",
    "接種回数",
    "接種日",
    "ワクチン",
    "ロット",
    "接種会場",
    "医師",
    "券番号",
    "市区町村コード",
];

/// Bad lines that are told one by one.
const MAXIMUM_TOLD: usize = 200;

/// A file that was read.
pub(super) struct Preview {
    /// One entry a person.
    pub(super) registrations: Vec<Registration>,
    /// Lines without the heading.
    pub(super) lines: u64,
    /// Lines that are bad, the first of them in words.
    pub(super) bad: u64,
    /// The words.
    pub(super) told: Vec<BadLine>,
    /// How the text was encoded.
    pub(super) encoding: &'static str,
}

/// A line that cannot be taken. It repeats nothing of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BadLine {
    /// From 1, the heading included.
    pub(super) line: u64,
    /// Which column; empty for the line as a whole.
    pub(super) column: &'static str,
    /// What is wrong and what would be right.
    pub(super) words: &'static str,
}

/// Why a file is refused as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileFault {
    /// Neither UTF-8 nor Shift JIS.
    Encoding,
    /// The heading is another.
    Columns,
    /// There is nothing but a heading.
    Empty,
}

shared::hidden_debug!(Preview);

/// For whom and when a file is read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    /// The municipality that registers.
    pub(super) municipality: &'a MunicipalityCode,
    /// Now.
    pub(super) now: Timestamp,
}

/// Reads a file.
pub(super) fn read(bytes: &[u8], reading: Reading<'_>) -> Result<Preview, FileFault> {
    let (text, encoding) = decode(bytes)?;
    let mut reader = ReaderBuilder::new().flexible(true).trim(Trim::All).from_reader(text.as_bytes());
    let heading = reader.headers().ok().ok_or(FileFault::Columns)?;
    if heading.iter().ne(COLUMNS) {
        return Err(FileFault::Columns);
    }
    let mut file = File::new(reading);
    for record in reader.records() {
        match record {
            Ok(record) => file.take(&record, line_of(&text, record.position())),
            Err(error) => {
                let line = line_of(&text, error.position());
                file.refuse(line, ("", "引用符が閉じていないなど、行を読み取れません。"));
            }
        }
    }
    if file.lines == 0 {
        return Err(FileFault::Empty);
    }
    Ok(Preview {
        registrations: file.persons.into_values().collect(),
        lines: file.lines,
        bad: file.bad,
        told: file.told,
        encoding,
    })
}

/// The line on which a record begins, from 1; 0 where that is not known.
///
/// The reader's own count leaves out line ends that it has not read yet: the second half of a CRLF, and blank lines.
fn line_of(text: &str, position: Option<&csv::Position>) -> u64 {
    let Some(position) = position else { return 0 };
    let rest = usize::try_from(position.byte()).ok().and_then(|at| text.as_bytes().get(at..)).unwrap_or_default();
    let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + ends.filter(|byte| **byte == b'\n').count() as u64
}

fn decode(bytes: &[u8]) -> Result<(std::borrow::Cow<'_, str>, &'static str), FileFault> {
    let (bytes, marked) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.into(), if marked { "UTF-8（BOM付き）" } else { "UTF-8" }));
    }
    let (text, failed) = SHIFT_JIS.decode_without_bom_handling(bytes);
    if failed || marked { Err(FileFault::Encoding) } else { Ok((text, "Shift_JIS")) }
}

struct File<'a> {
    reading: Reading<'a>,
    persons: BTreeMap<String, Registration>,
    coupons: BTreeMap<String, String>,
    lines: u64,
    bad: u64,
    told: Vec<BadLine>,
}

/// Column and words.
type Wrong = (&'static str, &'static str);

impl<'a> File<'a> {
    fn new(reading: Reading<'a>) -> Self {
        let (persons, coupons) = (BTreeMap::new(), BTreeMap::new());
        Self { reading, persons, coupons, lines: 0, bad: 0, told: Vec::new() }
    }

    fn refuse(&mut self, line: u64, (column, words): Wrong) {
        self.bad += 1;
        if self.told.len() < MAXIMUM_TOLD {
            self.told.push(BadLine { line, column, words });
        }
    }

    fn take(&mut self, record: &StringRecord, line: u64) {
        self.lines += 1;
        if let Err(wrong) = self.try_take(record, line) {
            self.refuse(line, wrong);
        }
    }

    fn try_take(&mut self, record: &StringRecord, line: u64) -> Result<(), Wrong> {
        if record.len() != COLUMNS.len() {
            return Err(("", "列の数が違います（14列）。"));
        }
        let row = Row { record, reading: self.reading };
        let person = row.person()?;
        let dose = row.dose()?;
        if let Some(coupon) = dose.as_ref().and_then(|dose| dose.coupon.as_ref()) {
            let owner = self.coupons.get(coupon.as_str());
            if owner.is_some_and(|owner| *owner != person.my_number) {
                return Err(("券番号", "同じ券番号が別の人の行にあります（重複）。"));
            }
            self.coupons.insert(coupon.as_str().to_owned(), person.my_number.clone());
        }
        let Some(known) = self.persons.get_mut(&person.my_number) else {
            let doses = dose.into_iter().collect();
            let number = person.my_number.clone();
            self.persons.insert(number, Registration { line, record: PersonRecord { doses, ..person } });
            return Ok(());
        };
        if known.record.attributes != person.attributes {
            return Err(("氏名", "同じ個人番号の前の行と、氏名・住所・生年月日・性別が一致しません。"));
        }
        let Some(dose) = dose else { return Err(("個人番号", "同じ人の行が重複しています。")) };
        if known.record.doses.iter().any(|earlier| earlier.number == dose.number) {
            return Err(("接種回数", "同じ人・同じ回の接種が重複しています。"));
        }
        known.record.doses.push(dose);
        Ok(())
    }
}

struct Row<'a> {
    record: &'a StringRecord,
    reading: Reading<'a>,
}

impl Row<'_> {
    fn cell(&self, column: &'static str) -> &str {
        let place = COLUMNS.iter().position(|known| *known == column);
        place.and_then(|place| self.record.get(place)).unwrap_or_default()
    }

    fn text(&self, column: &'static str, most: usize, words: &'static str) -> Result<String, Wrong> {
        visible_text(self.cell(column), most).ok_or((column, words))
    }

    fn person(&self) -> Result<PersonRecord, Wrong> {
        let number = narrow_digits(self.cell("個人番号"));
        if MyNumber::parse(&number).is_err() {
            return Err(("個人番号", "12桁で、検査用数字が合うことを確認してください。"));
        }
        let name = self.text("氏名", 100, "100文字までで、目に見えない文字を含まないようにしてください。")?;
        if name.is_empty() {
            return Err(("氏名", "空欄にはできません。"));
        }
        let birth_date = date(self.cell("生年月日")).filter(|date| *date >= OLDEST_BIRTH && *date <= self.today());
        let address_number = match narrow_digits(self.cell("宛名番号")).as_str() {
            "" => None,
            digits => Some(AddressNumber::parse(digits).ok().ok_or(("宛名番号", "15桁までの数字です。"))?),
        };
        Ok(PersonRecord {
            my_number: number,
            attributes: Attributes {
                name,
                address: self.text("住所", 200, "200文字までで、目に見えない文字を含まないようにしてください。")?,
                birth_date: birth_date.ok_or(("生年月日", WRONG_DATE))?,
                sex: self.sex()?,
            },
            residence: self.reading.municipality.clone(),
            address_number,
            coupons: Vec::new(),
            moves: Vec::new(),
            authentication_certificate: None,
            restrictions: Vec::new(),
            doses: Vec::new(),
            passport_issues: Vec::new(),
        })
    }

    fn sex(&self) -> Result<Sex, Wrong> {
        match self.cell("性別") {
            "1" | "１" | "男" => Ok(Sex::Male),
            "2" | "２" | "女" => Ok(Sex::Female),
            "9" | "９" | "0" | "０" | "不明" => Ok(Sex::NotApplicable),
            _ => Err(("性別", "1（男）、2（女）、9（その他・不明）のいずれかです。")),
        }
    }

    /// The dose; `None` where its columns are empty and the line registers the person alone.
    fn dose(&self) -> Result<Option<DoseRecord>, Wrong> {
        if COLUMNS.iter().skip(6).all(|column| self.cell(column).is_empty()) {
            return Ok(None);
        }
        let number = narrow_digits(self.cell("接種回数")).parse().ok().filter(|number| (1..=8).contains(number));
        let given = date(self.cell("接種日")).filter(|date| *date >= FIRST_DOSE && *date <= self.today());
        let product = Product::ALL.into_iter().find(|product| product.naming().japanese == self.cell("ワクチン"));
        // Until 2022-01-21 the product was called so.
        let former = (self.cell("ワクチン") == "COVID-19ワクチンモデルナ").then_some(Product::Spikevax);
        let lot = self.text("ロット", 20, "20文字までです。")?;
        if lot.is_empty() {
            return Err(("ロット", "空欄にはできません。"));
        }
        let coupon = match narrow_digits(self.cell("券番号")).as_str() {
            "" => None,
            digits => Some(CouponNumber::parse(digits).ok().ok_or(("券番号", "10桁の数字です。"))?),
        };
        Ok(Some(DoseRecord {
            number: number.ok_or(("接種回数", "1～8の数字です。"))?,
            date: given.ok_or(("接種日", WRONG_DATE))?,
            product: product.or(former).ok_or(("ワクチン", "一覧にある製品名ではありません。"))?,
            lot,
            place: self.text("接種会場", 30, "30文字までです。")?,
            doctor: self.text("医師", 20, "20文字までです。")?,
            municipality: self.place()?,
            coupon,
            trial: false,
            registered_at: self.reading.now,
        }))
    }

    fn place(&self) -> Result<MunicipalityCode, Wrong> {
        let digits = narrow_digits(self.cell("市区町村コード"));
        if digits.is_empty() {
            return Ok(self.reading.municipality.clone());
        }
        let code = MunicipalityCode::parse(&digits).ok().filter(|code| municipality::find(code).is_some());
        match code {
            None => Err(("市区町村コード", "存在しない市区町村コードです（検査数字を含む6桁）。")),
            Some(code) if code != *self.reading.municipality => {
                Err(("市区町村コード", "他市区町村の接種は登録できません。"))
            }
            Some(code) => Ok(code),
        }
    }

    fn today(&self) -> Date {
        japan(self.reading.now).date()
    }
}

const WRONG_DATE: &str = "存在しない日付か、範囲外の日付です（例：2021-07-01、20210701）。";

/// Nobody alive was born before.
const OLDEST_BIRTH: Date = jiff::civil::date(1900, 1, 1);

/// The first vaccination in Japan.
const FIRST_DOSE: Date = jiff::civil::date(2021, 2, 17);

/// A date as spreadsheet programs and registers write it.
fn date(text: &str) -> Option<Date> {
    let parts: Vec<String> = text.split(['-', '/', '.', '－', '／']).map(narrow_digits).collect();
    let (year, month, day) = match parts.as_slice() {
        [digits] if digits.len() == 8 => (digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?),
        [year, month, day] if year.len() == 4 => (year.as_str(), month.as_str(), day.as_str()),
        _ => return None,
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests;
