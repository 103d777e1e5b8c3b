//! What reports are drawn up from, counted in SQLite.

use jiff::Timestamp;
use rusqlite::{Connection, params};
use shared::domain::identifiers::{ChainId, MunicipalityCode};

use super::SqliteStore;
use super::issuances::parse_form;
use super::issued::parse_channel;
use super::terms::{agreements, instant};
use crate::audit::Event;
use crate::secrets::PersonKey;
use crate::store::StoreError;
use crate::store::actor::{AccessError, Act, Actor};
use crate::store::reports::{
    ChainSettlement, IssueCount, MAXIMUM_USES, NumberUse, Participant, Period, Reports, UseAct,
};
use crate::store::terms::Profile;
use crate::vrs::openings::Service;

impl Reports for SqliteStore {
    fn issues(&self, actor: &Actor, period: Period) -> Result<Vec<IssueCount>, AccessError> {
        let scope = scope(actor)?;
        Ok(self.read(|connection| issues(connection, scope, period))?)
    }

    fn settlement(&self, actor: &Actor, (from, until): Period) -> Result<Vec<ChainSettlement>, AccessError> {
        national(actor)?;
        let settled = self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT chain.chain, name,
                        coalesce(sum(copies) FILTER (WHERE state = 'taken'), 0),
                        coalesce(sum(copies) FILTER (WHERE state = 'refunded'), 0),
                        coalesce(sum(copies) FILTER (WHERE state = 'unknown'), 0)
                 FROM chain JOIN terminal ON terminal.chain = chain.chain
                 LEFT JOIN issuance ON issuance.terminal = terminal.terminal AND at >= ?1 AND at < ?2
                 GROUP BY chain.chain ORDER BY chain.chain",
            )?;
            let mut rows = statement.query([from.as_millisecond(), until.as_millisecond()])?;
            let mut settled = Vec::new();
            while let Some(row) = rows.next()? {
                let chain: String = row.get(0)?;
                settled.push(ChainSettlement {
                    chain: ChainId::parse(&chain).ok().ok_or(StoreError::Unreadable("chain"))?,
                    name: row.get(1)?,
                    taken: count(row, 2)?,
                    refunded: count(row, 3)?,
                    unknown: count(row, 4)?,
                });
            }
            Ok(settled)
        })?;
        Ok(settled)
    }

    fn participants(&self, actor: &Actor) -> Result<Vec<Participant>, AccessError> {
        national(actor)?;
        let participants = self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT municipality, profile FROM municipality ORDER BY municipality")?;
            let mut rows = statement.query([])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let code: String = row.get(0)?;
                let municipality = MunicipalityCode::parse(&code).ok().ok_or(StoreError::Unreadable("municipality"))?;
                let profile: Option<String> = row.get(1)?;
                let profile = match profile {
                    Some(text) => serde_json::from_str(&text).ok().ok_or(StoreError::Unreadable("profile"))?,
                    None => Profile::default(),
                };
                let agreed = agreements(connection, &municipality)?;
                let open = Service::ALL.into_iter().filter(|service| service.is_open(&agreed)).collect();
                found.push(Participant { municipality, open, profile });
            }
            Ok(found)
        })?;
        Ok(participants)
    }

    fn number_uses(&self, actor: &Actor, period: Period) -> Result<Vec<NumberUse>, AccessError> {
        let municipality = actor.acting_for(Act::RepresentMunicipality)?;
        Ok(self.read(|connection| number_uses(connection, municipality, period))?)
    }
}

/// The municipality that a report is limited to; `None` for the nation.
fn scope(actor: &Actor) -> Result<Option<&MunicipalityCode>, AccessError> {
    if actor.may(Act::SeeNation) { Ok(None) } else { actor.acting_for(Act::RepresentMunicipality).map(Some) }
}

fn national(actor: &Actor) -> Result<(), AccessError> {
    if actor.may(Act::SeeNation) { Ok(()) } else { Err(AccessError::Forbidden) }
}

fn issues(
    connection: &Connection,
    scope: Option<&MunicipalityCode>,
    (from, until): Period,
) -> Result<Vec<IssueCount>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT 'kiosk', form, count(*), sum(copies) FROM issuance
         WHERE state = 'taken' AND at >= ?1 AND at < ?2 AND (?3 IS NULL OR municipality = ?3) GROUP BY form
         UNION ALL
         SELECT 'counter', form, count(*), sum(copies) FROM counter_issue
         WHERE document IS NOT NULL AND at >= ?1 AND at < ?2 AND (?3 IS NULL OR municipality = ?3) GROUP BY form
         UNION ALL
         SELECT 'app', form, count(*), count(*) FROM app_issue
         WHERE answer IS NOT NULL AND at >= ?1 AND at < ?2 AND (?3 IS NULL OR municipality = ?3) GROUP BY form",
    )?;
    let scope = scope.map(MunicipalityCode::as_str);
    let mut rows = statement.query(params![from.as_millisecond(), until.as_millisecond(), scope])?;
    let mut counts = Vec::new();
    while let Some(row) = rows.next()? {
        let (channel, form): (String, String) = (row.get(0)?, row.get(1)?);
        let channel = parse_channel(&channel);
        let (certificates, copies) = (count(row, 2)?, count(row, 3)?);
        counts.push(IssueCount { channel, form: parse_form(&form)?, certificates, copies });
    }
    Ok(counts)
}

fn number_uses(
    connection: &Connection,
    municipality: &MunicipalityCode,
    (from, until): Period,
) -> Result<Vec<NumberUse>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT at, person_key, event FROM audit
         WHERE json_extract(event, '$.municipality') = ?1 AND at >= ?2 AND at < ?3 ORDER BY at DESC, sequence DESC",
    )?;
    let by = params![municipality.as_str(), from.as_millisecond(), until.as_millisecond()];
    let mut rows = statement.query(by)?;
    let mut uses = Vec::new();
    while let Some(row) = rows.next()?
        && uses.len() < MAXIMUM_USES
    {
        let (at, person, event): (i64, Option<Vec<u8>>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let event: Event = serde_json::from_str(&event).ok().ok_or(StoreError::Unreadable("event"))?;
        let person = match person {
            Some(bytes) => Some(PersonKey::from_bytes(&bytes).ok_or(StoreError::Unreadable("person key"))?),
            None => None,
        };
        uses.extend(number_use(event, instant(at)?, person));
    }
    Ok(uses)
}

/// The use that an event tells of; `None` for events about no record.
#[expect(clippy::wildcard_enum_match_arm, reason = "thirty events are no use of a record; each use is named here")]
fn number_use(event: Event, at: Timestamp, person: Option<PersonKey>) -> Option<NumberUse> {
    let (account, act, reason, case) = match event {
        Event::RecordSeen { account, reason, case, .. } => (account, UseAct::Seen, Some(reason), case),
        Event::NobodyFound { account, reason, case, .. } => (account, UseAct::NotFound, Some(reason), case),
        Event::RecordChanged { account, reason, .. } => (account, UseAct::Changed, Some(reason), None),
        Event::RecordsRegistered { account, .. } => (account, UseAct::Registered, None, None),
        Event::InquiryMade { account, case, .. } => (account, UseAct::Inquired, None, case),
        Event::LedgerExported { account, .. } => (account, UseAct::Exported, None, None),
        Event::CounterIssueIntended { account, reason, .. } => (account, UseAct::Issued, Some(reason), None),
        _ => return None,
    };
    Some(NumberUse { at, account, act, person, reason, case })
}

fn count(row: &rusqlite::Row<'_>, column: usize) -> Result<u64, StoreError> {
    Ok(row.get::<_, i64>(column)?.cast_unsigned())
}
