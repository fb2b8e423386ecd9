//! What is made when it is asked for: a chart is drawn far more often than all of it is looked at.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use callscope_core::export::{Cell, Column, Table};

/// So many items, each made when it is asked for.
pub struct Made<T> {
    count: usize,
    make: Arc<dyn Fn(usize) -> Option<T> + Send + Sync>,
}

impl<T> Made<T> {
    /// What a function gives for each place before `count`.
    pub fn new(count: usize, make: impl Fn(usize) -> Option<T> + Send + Sync + 'static) -> Self {
        Self { count, make: Arc::new(make) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The item at a place; none behind the last one.
    pub fn get(&self, at: usize) -> Option<T> {
        if at < self.count { (self.make)(at) } else { None }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = T> + Clone {
        (0..self.count).filter_map(|at| self.get(at))
    }
}

impl<T> Clone for Made<T> {
    fn clone(&self) -> Self {
        Self { count: self.count, make: Arc::clone(&self.make) }
    }
}

impl<T: Clone + Send + Sync + 'static> From<Vec<T>> for Made<T> {
    fn from(items: Vec<T>) -> Self {
        Self::new(items.len(), move |at| items.get(at).cloned())
    }
}

impl<T: PartialEq> PartialEq for Made<T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<T: fmt::Debug> fmt::Debug for Made<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// A table whose rows are made one by one, or all where all are looked at.
#[derive(Clone)]
pub struct LazyTable(Arc<Promised>);

struct Promised {
    made: OnceLock<Table>,
    /// The table without its rows, and those.
    head: Table,
    rows: Made<Vec<Cell>>,
}

impl LazyTable {
    /// A table of rows that are made when they are asked for.
    pub fn new(caption: &str, columns: Vec<Column>, rows: Made<Vec<Cell>>) -> Self {
        let head = Table { caption: caption.to_owned(), columns, rows: Vec::new() };
        Self(Arc::new(Promised { made: OnceLock::new(), head, rows }))
    }

    /// Its columns.
    pub fn columns(&self) -> &[Column] {
        &self.0.made.get().unwrap_or(&self.0.head).columns
    }

    /// One row; none behind the last one.
    pub fn row(&self, at: usize) -> Option<Vec<Cell>> {
        match self.0.made.get() {
            Some(table) => table.rows.get(at).cloned(),
            None => self.0.rows.get(at),
        }
    }
}

impl From<Table> for LazyTable {
    fn from(table: Table) -> Self {
        let rows = Made::new(0, |_| None);
        Self(Arc::new(Promised { made: table.into(), head: Table::default(), rows }))
    }
}

impl Default for LazyTable {
    fn default() -> Self {
        Table::default().into()
    }
}

impl Deref for LazyTable {
    type Target = Table;

    fn deref(&self) -> &Table {
        let Promised { made, head, rows } = &*self.0;
        made.get_or_init(|| Table { rows: rows.iter().collect(), ..head.clone() })
    }
}

impl PartialEq for LazyTable {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for LazyTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
