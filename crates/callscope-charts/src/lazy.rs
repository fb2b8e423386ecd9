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

/// A table that is made when it is first looked at.
#[derive(Clone)]
pub struct LazyTable(Arc<Promised>);

struct Promised {
    made: OnceLock<Table>,
    make: Make,
}

enum Make {
    Whole(Box<dyn Fn() -> Table + Send + Sync>),
    /// A table without rows, and those.
    Rows(Table, Made<Vec<Cell>>),
}

impl LazyTable {
    /// What a function gives when it is first needed.
    pub fn new(make: impl Fn() -> Table + Send + Sync + 'static) -> Self {
        Self::promised(Make::Whole(Box::new(make)))
    }

    /// A table of rows that are made one by one.
    pub fn of_rows(caption: &str, columns: Vec<Column>, rows: Made<Vec<Cell>>) -> Self {
        Self::promised(Make::Rows(Table { caption: caption.to_owned(), columns, rows: Vec::new() }, rows))
    }

    fn promised(make: Make) -> Self {
        Self(Arc::new(Promised { made: OnceLock::new(), make }))
    }

    /// Its columns.
    pub fn columns(&self) -> &[Column] {
        match &self.0.make {
            Make::Whole(_) => &self.columns,
            Make::Rows(head, _) => &head.columns,
        }
    }

    /// One row; none behind the last one.
    pub fn row(&self, at: usize) -> Option<Vec<Cell>> {
        match &self.0.make {
            Make::Whole(_) => self.rows.get(at).cloned(),
            Make::Rows(_, rows) => rows.get(at),
        }
    }
}

impl From<Table> for LazyTable {
    fn from(table: Table) -> Self {
        Self(Arc::new(Promised { made: table.into(), make: Make::Whole(Box::new(Table::default)) }))
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
        self.0.made.get_or_init(|| match &self.0.make {
            Make::Whole(make) => make(),
            Make::Rows(head, rows) => Table { rows: rows.iter().collect(), ..head.clone() },
        })
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
