//! What each report says, from what the store counted.

use shared::clock::japan;
use shared::domain::fee::FEE_PER_COPY;
use shared::domain::identifiers::hex;
use shared::domain::municipality;
use shared::records::IssueChannel;

use super::model::{Report, Table};
use crate::console::chart::grouped;
use crate::console::wording;
use crate::store::actor::CaseNumber;
use crate::store::reports::{ChainSettlement, IssueCount, MAXIMUM_USES, NumberUse, Participant, UseAct};
use crate::store::terms::Assessment;
use crate::vrs::impact::{self, Duty, Figures};
use crate::vrs::openings::Service;
use crate::vrs::statistics::{FiscalYear, KINDS, PUBLISHED_2021};

/// Issues by channel of the municipality or the nation, year by year.
pub(in crate::console) fn issues(years: &[(FiscalYear, Vec<IssueCount>)], scope: &str) -> Report {
    const CHANNELS: [(IssueChannel, &str); 3] =
        [(IssueChannel::Kiosk, "コンビニ"), (IssueChannel::Counter, "窓口"), (IssueChannel::App, "アプリ")];
    let of = |counts: &[IssueCount], channel| {
        counts.iter().filter(|count| count.channel == channel).map(|count| count.certificates).sum::<u64>()
    };
    let total = |counts: &[IssueCount]| counts.iter().map(|count| count.certificates).sum::<u64>();
    let mut rows: Vec<Vec<String>> = years
        .iter()
        .map(|(year, counts)| {
            let channels = CHANNELS.iter().map(|(channel, _)| grouped(of(counts, *channel)));
            std::iter::once(year.japanese()).chain(channels).chain([grouped(total(counts))]).collect()
        })
        .collect();
    let all: Vec<IssueCount> = years.iter().flat_map(|(_, counts)| counts.iter().copied()).collect();
    let sums = CHANNELS.iter().map(|(channel, _)| grouped(of(&all, *channel)));
    rows.push(std::iter::once("合計".to_owned()).chain(sums).chain([grouped(total(&all))]).collect());
    let bars = years.iter().map(|(year, counts)| (year.japanese(), total(counts))).collect();
    Report {
        title: format!("接種証明書の交付件数（{scope}）"),
        notes: vec![
            "コンビニは受け取られた証明書、窓口とアプリは作成した証明書を数えます。取り消した交付は含みません。"
                .to_owned(),
            "1件の証明書を何部印刷しても1件です。".to_owned(),
        ],
        tables: vec![
            Table::new("年度別・交付方法別の件数", &["年度", "コンビニ", "窓口", "アプリ", "合計"], rows)
                .with_bars(bars),
        ],
    }
}

/// Copies by kind and fiscal year, as the national statistics have them.
pub(in crate::console) fn kinds(years: &[(FiscalYear, Vec<IssueCount>)]) -> Report {
    let here = |counts: &[IssueCount]| {
        let at_terminals = counts.iter().filter(|count| count.channel == IssueChannel::Kiosk);
        at_terminals.map(|count| count.copies).sum::<u64>()
    };
    let count = |year: FiscalYear, kind: usize, counts: &[IssueCount]| match PUBLISHED_2021.get(kind) {
        Some(published) => (year.number() == 2021).then_some(*published),
        None => Some(here(counts)),
    };
    let cell = |count: Option<u64>| count.map_or_else(|| "－".to_owned(), grouped);
    let mut rows: Vec<Vec<String>> = KINDS
        .iter()
        .enumerate()
        .map(|(kind, name)| {
            let cells = years.iter().map(|(year, counts)| cell(count(*year, kind, counts)));
            std::iter::once((*name).to_owned()).chain(cells).collect()
        })
        .collect();
    let totals: Vec<u64> = years
        .iter()
        .map(|(year, counts)| (0..KINDS.len()).filter_map(|kind| count(*year, kind, counts)).sum())
        .collect();
    rows.push(std::iter::once("合計".to_owned()).chain(totals.iter().copied().map(grouped)).collect());
    let names: Vec<String> = years.iter().map(|(year, _)| year.japanese()).collect();
    let heads: Vec<&str> = std::iter::once("種類").chain(names.iter().map(String::as_str)).collect();
    let bars = names.iter().cloned().zip(totals).collect();
    Report {
        title: "証明書の種類別・年度別の交付通数".to_owned(),
        notes: vec![
            "令和3年度の6種類は公表された全国の値です。「－」は公表値がこの系にない年度で、合計に含みません。"
                .to_owned(),
            "接種証明書は、このセンターがコンビニで交付した通数です。".to_owned(),
        ],
        tables: vec![Table::new("種類別・年度別の通数", &heads, rows).with_bars(bars)],
    }
}

/// Municipalities that take part, and the population that they declared.
pub(in crate::console) fn participation(participants: &[Participant]) -> Report {
    let all = municipality::all().count() as u64;
    let open: Vec<&Participant> =
        participants.iter().filter(|participant| participant.open.contains(&Service::Kiosk)).collect();
    let population = |participants: &[&Participant]| participants.iter().map(|p| p.profile.subjects).sum::<u64>();
    let undeclared = open.iter().filter(|participant| participant.profile.subjects == 0).count();
    let rows = open
        .iter()
        .map(|participant| {
            let code = &participant.municipality;
            vec![
                code.to_string(),
                municipality::find(code).map_or_else(String::new, |place| place.name.to_owned()),
                grouped(participant.profile.subjects),
                if participant.open.contains(&Service::App) { "○" } else { "－" }.to_owned(),
            ]
        })
        .collect();
    Report {
        title: "コンビニ交付の参加状況".to_owned(),
        notes: vec![
            format!("参加 {} ／ 全 {all} 市区町村", grouped(open.len() as u64)),
            format!("対象人口 {}（市区町村の申告の合計。未申告 {undeclared}）", grouped(population(&open))),
        ],
        tables: vec![Table::new("参加している市区町村", &["コード", "市区町村", "対象人口", "アプリ"], rows)],
    }
}

/// What each chain owes and gave back.
pub(in crate::console) fn settlement(year: FiscalYear, chains: &[ChainSettlement]) -> Report {
    let yen = |copies: u64| copies.saturating_mul(u64::from(FEE_PER_COPY.0));
    let row = |name: String, settled: &ChainSettlement| {
        vec![
            name,
            grouped(settled.taken),
            grouped(yen(settled.taken)),
            grouped(settled.refunded),
            grouped(yen(settled.refunded)),
            grouped(settled.unknown),
        ]
    };
    let mut rows: Vec<Vec<String>> =
        chains.iter().map(|chain| row(format!("{}（{}）", chain.name, chain.chain), chain)).collect();
    if let Some(first) = chains.first() {
        let sum = |of: fn(&ChainSettlement) -> u64| chains.iter().map(of).sum();
        let all = ChainSettlement {
            taken: sum(|chain| chain.taken),
            refunded: sum(|chain| chain.refunded),
            unknown: sum(|chain| chain.unknown),
            ..first.clone()
        };
        rows.push(row("合計".to_owned(), &all));
    }
    let bars = chains.iter().map(|chain| (chain.name.clone(), yen(chain.taken))).collect();
    Report {
        title: format!("コンビニ事業者別の精算（{}）", year.japanese()),
        notes: vec![
            format!("手数料は1部{}円です。返金した部数は手数料に含みません。", FEE_PER_COPY.0),
            "「確認中」は、代金を受け取った後に紙を渡せたか分からず、店で確かめている部数です。".to_owned(),
        ],
        tables: vec![
            Table::new(
                "事業者別の部数と金額（円）",
                &["事業者", "交付部数", "手数料", "返金部数", "返金額", "確認中"],
                rows,
            )
            .with_bars(bars),
        ],
    }
}

/// Who saw or did what, and why.
pub(in crate::console) fn uses(year: FiscalYear, uses: &[NumberUse]) -> Report {
    let rows = uses
        .iter()
        .map(|used| {
            let person = used.person.as_ref().map(|person| hex(person.as_bytes()).chars().take(PSEUDONYM).collect());
            vec![
                japan(used.at).strftime("%Y-%m-%d %H:%M").to_string(),
                used.account.to_string(),
                act(used.act).to_owned(),
                person.unwrap_or_else(|| "－".to_owned()),
                used.reason.map_or("－", wording::reason).to_owned(),
                used.case.as_ref().map_or("－", CaseNumber::as_str).to_owned(),
            ]
        })
        .collect();
    let mut by_act: Vec<(String, u64)> = Vec::new();
    for used in uses {
        match by_act.iter_mut().find(|(name, _)| name == act(used.act)) {
            Some((_, count)) => *count += 1,
            None => by_act.push((act(used.act).to_owned(), 1)),
        }
    }
    let mut notes =
        vec!["監査記録から作成しています。人は氏名や個人番号ではなく、記録の仮名の初めの8桁で示します。".to_owned()];
    if uses.len() >= MAXIMUM_USES {
        notes.push(format!("新しいものから{MAXIMUM_USES}件までを示しています。これより前にも記録があります。"));
    }
    Report {
        title: format!("特定個人情報の利用記録（{}）", year.japanese()),
        notes,
        tables: vec![
            Table::new("いつ・だれが・何を・なぜ", &["日時", "アカウント", "操作", "対象", "理由", "受付番号"], rows)
                .with_bars(by_act),
        ],
    }
}

/// Digits of a pseudonym that tell persons apart on a page.
const PSEUDONYM: usize = 8;

const fn act(act: UseAct) -> &'static str {
    match act {
        UseAct::Seen => "閲覧",
        UseAct::NotFound => "検索（該当なし）",
        UseAct::Changed => "記録の変更",
        UseAct::Registered => "登録",
        UseAct::Inquired => "他市区町村への照会",
        UseAct::Exported => "台帳の出力",
        UseAct::Issued => "窓口での交付",
    }
}

/// How far the municipalities are with their impact assessment, as the briefing counts them.
pub(in crate::console) fn assessments(participants: &[Participant]) -> Report {
    let duty = |participant: &Participant| impact::judge(&Figures::from(&participant.profile));
    let declared: Vec<&Participant> = participants.iter().filter(|p| p.profile.subjects > 0).collect();
    let binding = declared.iter().filter(|participant| duty(participant).is_binding()).count() as u64;
    let state = |wanted| declared.iter().filter(|p| p.profile.assessment == wanted).count() as u64;
    let states = [("実施済み", Assessment::Done), ("一部実施", Assessment::Partly), ("未実施", Assessment::None)];
    let bars: Vec<(String, u64)> = states.iter().map(|(name, wanted)| ((*name).to_owned(), state(*wanted))).collect();
    let counts = bars.iter().map(|(name, count)| vec![name.clone(), grouped(*count)]).collect();
    let by_duty = [Duty::Voluntary, Duty::Basic, Duty::Focused, Duty::Full].map(|wanted| {
        let count = declared.iter().filter(|participant| duty(participant) == wanted).count() as u64;
        vec![wording::duty(wanted).to_owned(), grouped(count)]
    });
    let rows = declared
        .iter()
        .map(|participant| {
            let code = &participant.municipality;
            let done = states.iter().find(|(_, state)| *state == participant.profile.assessment);
            vec![
                code.to_string(),
                municipality::find(code).map_or_else(String::new, |place| place.name.to_owned()),
                grouped(participant.profile.subjects),
                wording::duty(duty(participant)).to_owned(),
                done.map_or("", |(name, _)| name).to_owned(),
            ]
        })
        .collect();
    Report {
        title: "特定個人情報保護評価の実施状況".to_owned(),
        notes: vec![format!(
            "しきい値判断の数値を登録した {} 市区町村のうち、評価の義務があるのは {} です。",
            grouped(declared.len() as u64),
            grouped(binding)
        )],
        tables: vec![
            Table::new("実施状況", &["状況", "市区町村"], counts).with_bars(bars),
            Table::new("しきい値判断の結果", &["結果", "市区町村"], by_duty.to_vec()),
            Table::new("市区町村ごと", &["コード", "市区町村", "対象人数", "判断の結果", "状況"], rows),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_year_adds_up_to_its_published_total() {
        let years = [(FiscalYear::new(2021).unwrap(), Vec::new()), (FiscalYear::new(2022).unwrap(), Vec::new())];
        let report = kinds(&years);
        let total = report.tables[0].rows.last().unwrap();
        assert_eq!(total.as_slice(), ["合計", "13,972,911", "0"]);
        assert_eq!(report.tables[0].rows[0][2], "－", "a year that was not published is no zero");
    }
}
