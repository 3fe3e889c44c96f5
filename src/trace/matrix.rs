//! A dense table with rows of equal length: nested arrays in JSON, one flat run of numbers in binary.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::SerializeSeq as _};

/// A row-major table, `rows` x `cols`.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Matrix<T> {
    cols: usize,
    data: Vec<T>,
}

impl<T> Matrix<T> {
    /// A table from its rows laid one after another. `None` if `data` does not divide into rows of `cols`.
    pub fn new(cols: usize, data: Vec<T>) -> Option<Self> {
        let whole = if cols == 0 { data.is_empty() } else { data.len().is_multiple_of(cols) };
        whole.then_some(Self { cols, data })
    }

    /// A table without rows, whose rows will have `cols` entries.
    pub fn empty(cols: usize) -> Self {
        Self { cols, data: Vec::new() }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.data.len().checked_div(self.cols).unwrap_or(0)
    }

    /// Length of a row.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Row `row`; empty where there is no such row.
    pub fn row(&self, row: usize) -> &[T] {
        let range = row.checked_mul(self.cols).and_then(|start| Some(start..start.checked_add(self.cols)?));
        range.and_then(|range| self.data.get(range)).unwrap_or(&[])
    }

    /// The rows in order.
    pub fn iter(&self) -> impl Iterator<Item = &[T]> {
        self.data.chunks_exact(self.cols.max(1))
    }

    /// All entries, row after row.
    pub fn as_slice(&self) -> &[T] {
        &self.data
    }

    /// Adds a row. `false`, and nothing changed, if its length is wrong.
    pub fn push(&mut self, row: &[T]) -> bool
    where
        T: Clone,
    {
        let fits = row.len() == self.cols;
        if fits {
            self.data.extend_from_slice(row);
        }
        fits
    }
}

impl<T: Serialize> Serialize for Matrix<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return (self.cols, &self.data).serialize(serializer);
        }
        let mut rows = serializer.serialize_seq(Some(self.rows()))?;
        for row in self.iter() {
            rows.serialize_element(row)?;
        }
        rows.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Matrix<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (cols, data) = if deserializer.is_human_readable() {
            let rows = Vec::<Vec<T>>::deserialize(deserializer)?;
            let cols = rows.first().map_or(0, Vec::len);
            if rows.iter().any(|row| row.len() != cols) {
                return Err(D::Error::custom("rows of different lengths"));
            }
            (cols, rows.into_iter().flatten().collect())
        } else {
            <(usize, Vec<T>)>::deserialize(deserializer)?
        };
        Self::new(cols, data).ok_or_else(|| D::Error::custom("the entries do not divide into rows"))
    }
}
