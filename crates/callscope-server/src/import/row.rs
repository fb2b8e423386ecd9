//! A row of a file → a call.

use anyhow::Context as _;
use callscope_core::calls::Outcome;
use callscope_core::period::Date;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::map::{Map, Rule, Rules, Started, inner_id};
use super::source::Fields;
use crate::db::CallRow;

/// A call with the names of its agent and version.
pub(super) struct Mapped {
    pub(super) call: CallRow,
    pub(super) agent_name: Option<String>,
    pub(super) version_label: Option<String>,
}

/// Applies a map to rows.
pub(super) struct RowMapper<'m> {
    map: &'m Map,
    organisation_id: &'m str,
    time_zone: TimeZone,
}

type Refused<T> = Result<T, String>;

impl<'m> RowMapper<'m> {
    pub(super) fn new(map: &'m Map, organisation_id: &'m str) -> anyhow::Result<Self> {
        let time_zone = TimeZone::get(&map.time_zone).context("time_zone")?;
        Ok(Self { map, organisation_id, time_zone })
    }

    /// The call of a row, or why it is none.
    pub(super) fn map(&self, fields: &Fields) -> Refused<Mapped> {
        let map = self.map;
        let started = self.started(fields, &map.started)?;
        let row = Row { fields, date: civil_date(&started) };
        let agent_key = row.value("agent", map.agent.as_ref())?;
        let agent_id = agent_key.as_ref().map(|key| inner_id("agent", self.organisation_id, key));
        let agent_name = row.value("agent_name", map.agent_name.as_ref())?.or(agent_key);
        let version_label = row.value("version", map.version.as_ref())?.filter(|_| agent_id.is_some());
        let version_id = version_label.as_ref().zip(agent_id.as_ref());
        let version_id = version_id.map(|(label, agent_id)| inner_id("version", agent_id, label));
        let started_ms = started.timestamp().as_millisecond();
        let call = CallRow {
            organisation_id: self.organisation_id.to_owned(),
            id: row.needed("id", &map.id)?,
            started_ms,
            agent_id,
            version_id,
            duration_ms: self.duration_ms(&row)?,
            status: row.needed("status", &map.status)?,
            outcome: outcome(&row, &map.outcome)?,
            disconnection_reason: row.value("disconnection_reason", map.disconnection_reason.as_ref())?,
            call_type: row.value("type", map.call_type.as_ref())?,
            to_number: row.value("to", map.to.as_ref())?,
            from_number: row.value("from", map.from.as_ref())?,
            is_test: row.truth("is_test", map.is_test.as_ref())?.unwrap_or(false),
            cost: row.amount("cost", map.cost.as_ref())?,
            response_ms: row.bounded("response_time_ms", map.response_time_ms.as_ref(), (0.0, f64::INFINITY))?,
            positive_sentiment: row
                .value("sentiment", map.sentiment.as_ref())?
                .map(|text| text.eq_ignore_ascii_case("positive")),
            corrections: row.whole("corrections", map.corrections.as_ref())?,
            tokens: part_of(
                ("cached_tokens", row.whole("cached_tokens", map.cached_tokens.as_ref())?),
                ("all_tokens", row.whole("all_tokens", map.all_tokens.as_ref())?),
            )?,
            transcript_confidence: row.bounded(
                "transcript_confidence",
                map.transcript_confidence.as_ref(),
                (0.0, 1.0),
            )?,
            tool_calls: part_of(
                ("tool_errors", row.whole("tool_errors", map.tool_errors.as_ref())?),
                ("tool_calls", row.whole("tool_calls", map.tool_calls.as_ref())?),
            )?
            .map(|(errors, calls)| (calls, errors)),
            escalation_reason: row.value("escalation_reason", map.escalation_reason.as_ref())?,
            campaign_id: row.value("campaign", map.campaign.as_ref())?,
            latency_ms: None,
        };
        Ok(Mapped { call, agent_name, version_label })
    }

    fn started(&self, fields: &Fields, started: &Started) -> Refused<Zoned> {
        let source = Rule { column: started.column.clone(), template: started.template.clone(), ..Rule::default() };
        let text = source.read(fields).map_err(|what| format!("started: {what}"))?;
        let wrong = || format!("started: '{}' is no time of the form {}", shown(&text), started.format);
        let instant = match started.format.as_str() {
            "rfc3339" => text.parse::<Timestamp>().map_err(|_| wrong())?,
            "unix" => Timestamp::from_second(text.parse().map_err(|_| wrong())?).map_err(|_| wrong())?,
            "unix_ms" => Timestamp::from_millisecond(text.parse().map_err(|_| wrong())?).map_err(|_| wrong())?,
            pattern => {
                // A pattern with an offset says the instant by itself.
                if let Ok(instant) = Timestamp::strptime(pattern, &text) {
                    return Ok(instant.to_zoned(self.time_zone.clone()));
                }
                let local = DateTime::strptime(pattern, &text).map_err(|_| wrong())?;
                return local.to_zoned(self.time_zone.clone()).map_err(|_| wrong());
            }
        };
        Ok(instant.to_zoned(self.time_zone.clone()))
    }

    fn duration_ms(&self, row: &Row<'_>) -> Refused<u64> {
        /// A call of more than 30 days is a mistake of the file.
        const LONGEST_MS: f64 = 30.0 * 86_400_000.0;
        let amount = row.amount("duration", &self.map.duration)?.ok_or("duration: there is none")?;
        let millis = amount * self.map.duration_unit.millis();
        if !(0.0..=LONGEST_MS).contains(&millis) {
            let given = row.needed("duration", &self.map.duration)?;
            return Err(format!("duration: {} cannot be", shown(&given)));
        }
        Ok(millis.round() as u64)
    }
}

/// The day on which a call started, on the wall of its fleet.
fn civil_date(started: &Zoned) -> Date {
    let date = started.date();
    let civil = Date::new(i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs());
    civil.unwrap_or(const { Date::constant(1970, 1, 1) })
}

fn outcome(row: &Row<'_>, rules: &Rules) -> Refused<Outcome> {
    let text = row.needed("outcome", rules)?;
    let names = "resolved, transferred, abandoned or other";
    Outcome::from_key(&text).ok_or_else(|| format!("outcome: '{}' is none of {names}", shown(&text)))
}

/// A row with the local date of its call.
struct Row<'f> {
    fields: &'f Fields,
    date: Date,
}

impl Row<'_> {
    /// The value of the first rule that applies; none where no rule does or it says "unknown".
    fn value<'r>(&self, name: &str, rules: impl Into<Option<&'r Rules>>) -> Refused<Option<String>> {
        let Some(rules) = rules.into() else { return Ok(None) };
        let Some(rule) = rules.0.iter().find(|rule| self.applies(rule)) else { return Ok(None) };
        let text = rule.read(self.fields).map_err(|what| format!("{name}: {what}"))?;
        if text.is_empty() || rule.none.contains(&text) {
            return Ok(None);
        }
        Ok(Some(rule.names.get(&text).cloned().unwrap_or(text)))
    }

    fn applies(&self, rule: &Rule) -> bool {
        let value = |column: &String| self.fields.get(column).unwrap_or_default();
        rule.before.is_none_or(|day| self.date < day.0)
            && rule.when.iter().all(|(column, condition)| condition.holds(value(column)))
    }

    fn needed(&self, name: &str, rules: &Rules) -> Refused<String> {
        self.value(name, rules)?.ok_or_else(|| format!("{name}: there is none"))
    }

    fn amount<'r>(&self, name: &str, rules: impl Into<Option<&'r Rules>>) -> Refused<Option<f64>> {
        let Some(text) = self.value(name, rules)? else { return Ok(None) };
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        number.map(Some).ok_or_else(|| format!("{name}: '{}' is no number", shown(&text)))
    }

    /// An amount between bounds, both inside.
    fn bounded<'r>(
        &self,
        name: &str,
        rules: impl Into<Option<&'r Rules>>,
        (least, most): (f64, f64),
    ) -> Refused<Option<f64>> {
        let amount = self.amount(name, rules)?;
        match amount.filter(|amount| !(least..=most).contains(amount)) {
            Some(amount) if most.is_finite() => Err(format!("{name}: {amount} lies outside {least} to {most}")),
            Some(amount) => Err(format!("{name}: {amount} lies below {least}")),
            None => Ok(amount),
        }
    }

    fn whole<T: std::str::FromStr>(&self, name: &str, rules: Option<&Rules>) -> Refused<Option<T>> {
        let Some(text) = self.value(name, rules)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| format!("{name}: '{}' is no count", shown(&text)))
    }

    fn truth(&self, name: &str, rules: Option<&Rules>) -> Refused<Option<bool>> {
        let Some(text) = self.value(name, rules)? else { return Ok(None) };
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Ok(Some(true)),
            "false" | "0" | "no" => Ok(Some(false)),
            _ => Err(format!("{name}: '{}' is neither true nor false", shown(&text))),
        }
    }
}

/// A part and its whole, where both are known; a part that is larger is refused.
fn part_of(part: (&str, Option<u64>), whole: (&str, Option<u64>)) -> Refused<Option<(u64, u64)>> {
    let Some((some, all)) = part.1.zip(whole.1) else { return Ok(None) };
    if some > all {
        return Err(format!("{}: {some} is more than {all}, the {}", part.0, whole.0));
    }
    Ok(Some((some, all)))
}

impl Rule {
    /// The rule's value in a row.
    fn read(&self, fields: &Fields) -> Refused<String> {
        let column =
            |name: &str| fields.get(name).map(str::to_owned).ok_or_else(|| format!("the column '{name}' is missing"));
        if let Some(value) = &self.value {
            return Ok(value.clone());
        }
        if let Some(name) = &self.column {
            return column(name);
        }
        let template = self.template.as_deref().ok_or("the map gives no column, template or value")?;
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) =
                after.split_once('}').ok_or_else(|| format!("the template '{template}' lacks a '}}'"))?;
            text.push_str(before);
            text.push_str(&column(name)?);
            rest = after;
        }
        text.push_str(rest);
        Ok(text)
    }
}

/// A value from a file, short enough for a message.
fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}
