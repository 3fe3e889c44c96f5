//! Level of detail: no more points than columns, which are as narrow as an eye can tell apart and no narrower, for a
//! browser without a GPU fills areas on the page's own thread.

use super::Axis;

/// Width of a column, in CSS pixels.
const WIDTH: f32 = 2.0;

/// The values that fall into one column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurveColumn {
    /// The column's place: that of the steps' middle.
    pub x: f32,
    /// Smallest value.
    pub least: f32,
    /// Largest value.
    pub most: f32,
    /// Mean value.
    pub mean: f32,
}

/// Values by ascending step, put together where they fall into the same column. What is no finite number is left out.
pub fn columns(axis: &Axis, values: impl Iterator<Item = (u64, f32)>) -> Vec<CurveColumn> {
    let mut out: Vec<CurveColumn> = Vec::new();
    let (mut column, mut n, mut sum, mut first) = (i64::MIN, 0_u32, 0.0_f64, 0.0_f32);
    for (step, value) in values.filter(|(_, value)| value.is_finite()) {
        let x = axis.x(step);
        let at = (x / WIDTH).floor() as i64;
        match out.last_mut() {
            Some(last) if at == column => {
                n += 1;
                sum += f64::from(value);
                (last.least, last.most) = (last.least.min(value), last.most.max(value));
                (last.x, last.mean) = ((first + x) / 2.0, (sum / f64::from(n)) as f32);
            }
            _ => {
                (column, n, sum, first) = (at, 1, f64::from(value), x);
                out.push(CurveColumn { x, least: value, most: value, mean: value });
            }
        }
    }
    out
}
