//! How a layer's experts share the height of their column.
//!
//! Up to [`MOST_CELLS`] experts are cells of equal height. More become thin rows in groups of eight, and a lens opens the
//! rows that matter (the selected token's experts, the selected expert) wide enough for a name and a number.

/// Experts that still have cells with names.
pub const MOST_CELLS: usize = 16;
/// Experts in a group of thin rows.
const GROUP: usize = 8;
/// Height of a row under the lens.
const LENS: f32 = 16.0;

/// One expert's cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Upper edge.
    pub y: f32,
    /// Height.
    pub height: f32,
    /// Whether a name fits.
    pub named: bool,
}

impl Row {
    /// Its middle.
    pub fn middle(&self) -> f32 {
        self.y + self.height / 2.0
    }

    /// The place a share `at` of the way down, where ribbons dock.
    pub fn dock(&self, at: f32) -> f32 {
        let margin = 0.14;
        self.y + self.height * (margin + (1.0 - 2.0 * margin) * at)
    }
}

/// Cells for `experts` from `top` to `bottom`; `lens` names the rows to open where rows are thin.
pub fn rows(experts: usize, (top, bottom): (f32, f32), lens: &[usize]) -> Vec<Row> {
    let height = bottom - top;
    if experts <= MOST_CELLS {
        let step = height / experts.max(1) as f32;
        let gap = if step > 24.0 {
            6.0
        } else if step > 14.0 {
            2.0
        } else {
            1.0
        };
        let row =
            |e: usize| Row { y: top + step * e as f32 + gap / 2.0, height: step - gap, named: step - gap >= 10.0 };
        return (0..experts).map(row).collect();
    }
    let open = |e: usize| lens.contains(&e);
    let opened = (0..experts).filter(|&e| open(e)).count();
    let gaps = experts.div_ceil(GROUP) - 1;
    let gap = (height * 0.1 / gaps.max(1) as f32).min(6.0);
    let left = height - gap * gaps as f32;
    // At most half of the height goes to the lens.
    let wide = LENS.min(left / 2.0 / opened.max(1) as f32).max(left / experts as f32);
    let thin = (left - wide * opened as f32) / (experts - opened).max(1) as f32;
    let mut y = top;
    let row = |e: usize| {
        if e > 0 && e.is_multiple_of(GROUP) {
            y += gap;
        }
        let step = if open(e) { wide } else { thin };
        let rim = if step > 5.0 { 1.0 } else { step * 0.2 };
        let row = Row { y: y + rim / 2.0, height: step - rim, named: step >= 11.0 };
        y += step;
        row
    };
    (0..experts).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_lie_below_one_another_inside_the_column() {
        for experts in [1, 2, 8, 16, 17, 64, 128, 256] {
            for (height, lens) in [(500.0, &[0, 5, 7, 90][..]), (300.0, &[]), (40.0, &[1, 2, 3])] {
                let rows = rows(experts, (50.0, 50.0 + height), lens);
                assert_eq!(rows.len(), experts);
                assert!(rows[0].y >= 50.0 && rows[experts - 1].y + rows[experts - 1].height <= 50.1 + height);
                assert!(rows.iter().all(|row| row.height > 0.0));
                assert!(rows.windows(2).all(|pair| pair[0].y + pair[0].height <= pair[1].y + 1e-3));
            }
        }
    }

    #[test]
    fn the_lens_makes_room_for_names() {
        let rows = rows(64, (0.0, 500.0), &[3, 40]);
        assert!(rows[3].named && rows[40].named && !rows[4].named);
        assert!(rows[3].height >= 12.0 && rows[4].height < 8.0);
    }
}
