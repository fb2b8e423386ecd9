//! Rows of a file: CSV, TSV or NDJSON, gzip or not.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use flate2::read::MultiGzDecoder;

use super::lines::{Lines, Watched};
use super::map::{FileFormat, Map};

/// The values of a row by the names of their columns.
#[derive(Debug, Default)]
pub(super) struct Fields {
    values: HashMap<String, String>,
    /// JSON leaves out what is unknown; in a table every row has every column of the heading.
    absent_is_unknown: bool,
}

impl Fields {
    /// The value of a column, empty where it is unknown; none where there is no such column.
    pub(super) fn get(&self, column: &str) -> Option<&str> {
        let value = self.values.get(column).map(String::as_str);
        if self.absent_is_unknown { Some(value.unwrap_or_default()) } else { value }
    }
}

/// A row with its line in the file; an error where it cannot be read.
pub(super) struct Record {
    pub(super) line: u64,
    pub(super) fields: Result<Fields, String>,
}

/// A file being read.
pub(super) struct Source {
    total_bytes: u64,
    bytes_read: Arc<AtomicU64>,
    rows: Rows,
}

enum Rows {
    Separated { reader: Box<csv::Reader<Watched<Box<dyn Read>>>>, headings: Vec<String>, lines: Lines, quoting: bool },
    Json { lines: Box<dyn BufRead>, line: u64 },
}

/// No row of a call is longer; one that is would fill the memory.
const LONGEST_LINE: u64 = 4 * 1024 * 1024;

/// Opens a file and reads its heading where it has one.
pub(super) fn open(path: &Path, map: &Map) -> anyhow::Result<Source> {
    let file = File::open(path)?;
    let total_bytes = file.metadata()?.len();
    let bytes_read = Arc::new(AtomicU64::new(0));
    let mut counted = BufReader::new(Counted { file, bytes_read: Arc::clone(&bytes_read) });
    let is_gzip = counted.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    let bytes: Box<dyn Read> = if is_gzip { Box::new(MultiGzDecoder::new(counted)) } else { Box::new(counted) };
    let rows = match map.format.unwrap_or_else(|| FileFormat::of_name(path)) {
        FileFormat::Ndjson => Rows::Json { lines: Box::new(BufReader::new(bytes)), line: 0 },
        FileFormat::Csv => separated(bytes, b',', true)?,
        FileFormat::Tsv => separated(bytes, b'\t', false)?,
    };
    Ok(Source { total_bytes, bytes_read, rows })
}

fn separated(bytes: Box<dyn Read>, delimiter: u8, quoting: bool) -> anyhow::Result<Rows> {
    let mut builder = csv::ReaderBuilder::new();
    builder.delimiter(delimiter).quoting(quoting).flexible(true).trim(csv::Trim::All);
    let lines = Lines::default();
    let mut reader = builder.from_reader(lines.watch(bytes));
    let headings: Vec<String> = reader
        .byte_headers()?
        .iter()
        .map(|name| String::from_utf8_lossy(name).trim_start_matches('\u{feff}').trim().to_owned())
        .collect();
    anyhow::ensure!(headings.iter().any(|name| !name.is_empty()), "the file has no heading line");
    let mut names = HashSet::new();
    if let Some(name) = headings.iter().find(|name| !name.is_empty() && !names.insert(name.as_str())) {
        anyhow::bail!("the heading has '{name}' twice");
    }
    Ok(Rows::Separated { reader: Box::new(reader), headings, lines, quoting })
}

impl Source {
    pub(super) fn total_bytes(&self) -> u64 {
        self.total_bytes
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes_read.load(Ordering::Relaxed)
    }

    /// The next row; none at the end.
    ///
    /// # Errors
    /// Where the file itself cannot be read further, as when it was cut off while being compressed.
    pub(super) fn next(&mut self) -> anyhow::Result<Option<Record>> {
        match &mut self.rows {
            Rows::Separated { reader, headings, lines, quoting } => next_separated(reader, headings, lines, *quoting),
            Rows::Json { lines, line } => next_json(lines.as_mut(), line),
        }
    }
}

fn next_separated(
    reader: &mut csv::Reader<Watched<Box<dyn Read>>>,
    headings: &[String],
    lines: &Lines,
    quoting: bool,
) -> anyhow::Result<Option<Record>> {
    let mut record = csv::ByteRecord::new();
    let from = reader.position().byte();
    let is_there = reader.read_byte_record(&mut record);
    let is_there = is_there.with_context(|| format!("cannot read on from line {}", lines.at(from)))?;
    if !is_there {
        return Ok(None);
    }
    let line = lines.at(record.position().map_or(from, csv::Position::byte));
    let is_unclosed = lines.take_quotes(reader.position().byte()) % 2 == 1;
    if quoting && is_unclosed && lines.is_end(reader.position().byte()) {
        let reason = "a quote is not closed: the rest of the file stands in this row".to_owned();
        return Ok(Some(Record { line, fields: Err(reason) }));
    }
    if let Some(reason) = surplus(&record, headings.len()) {
        return Ok(Some(Record { line, fields: Err(reason) }));
    }
    let values: Result<HashMap<_, _>, String> = headings
        .iter()
        .zip(record.iter())
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, value)| match std::str::from_utf8(value) {
            Ok(value) => Ok((name.clone(), value.to_owned())),
            Err(_) => Err(format!("the column '{name}' is not UTF-8")),
        })
        .collect();
    let fields = values.map(|values| Fields { values, absent_is_unknown: false });
    Ok(Some(Record { line, fields }))
}

/// Why a row cannot be what its file means: it has more values than the heading has names, as where a
/// comma stands in a text without quotes, or one that is far too long.
fn surplus(record: &csv::ByteRecord, names: usize) -> Option<String> {
    const LONGEST_VALUE: usize = 64 * 1024;
    if record.iter().skip(names).any(|value| !value.is_empty()) {
        return Some(format!("the row has {} values, the heading {names} names", record.len()));
    }
    let is_long = record.iter().any(|value| value.len() > LONGEST_VALUE);
    is_long.then(|| format!("a value is longer than {LONGEST_VALUE} bytes: a quote may not be closed"))
}

fn next_json(lines: &mut dyn BufRead, line: &mut u64) -> anyhow::Result<Option<Record>> {
    loop {
        let mut text = Vec::new();
        *line += 1;
        let length = lines.take(LONGEST_LINE).read_until(b'\n', &mut text);
        let length = length.with_context(|| format!("cannot read on from line {line}"))?;
        if length == 0 {
            return Ok(None);
        }
        if length as u64 == LONGEST_LINE && !text.ends_with(b"\n") {
            // The rest of the line is no row of its own.
            lines.skip_until(b'\n').with_context(|| format!("cannot read on from line {line}"))?;
            let reason = format!("the line is longer than {LONGEST_LINE} bytes");
            return Ok(Some(Record { line: *line, fields: Err(reason) }));
        }
        let row = text.strip_prefix(b"\xef\xbb\xbf").filter(|_| *line == 1).unwrap_or(&text);
        if !row.iter().all(u8::is_ascii_whitespace) {
            return Ok(Some(Record { line: *line, fields: json_fields(row) }));
        }
    }
}

/// The fields of a JSON object; inner ones by their path, `a.b`.
fn json_fields(text: &[u8]) -> Result<Fields, String> {
    let value: serde_json::Value =
        serde_json::from_slice(text).map_err(|error| format!("the line is not JSON: {error}"))?;
    let serde_json::Value::Object(object) = value else { return Err("the line is not a JSON object".to_owned()) };
    let mut values = HashMap::new();
    flatten("", object, &mut values);
    Ok(Fields { values, absent_is_unknown: true })
}

fn flatten(prefix: &str, object: serde_json::Map<String, serde_json::Value>, values: &mut HashMap<String, String>) {
    for (name, value) in object {
        let path = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value {
            serde_json::Value::Null => {}
            serde_json::Value::Object(inner) => flatten(&path, inner, values),
            serde_json::Value::String(text) => {
                values.insert(path, text);
            }
            other => {
                values.insert(path, other.to_string());
            }
        }
    }
}

/// Counts the bytes that are read from a file.
struct Counted {
    file: File,
    bytes_read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.bytes_read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
