//! Which of two equal experts is taken must not hang on the device: every router chooses through [`select`], so that is
//! what is tried, on tables with few different values, against a stable sort of plain numbers.

use super::checked::Checked;
use crate::device::OpenDevice;
use crate::random::Random;
use crate::router::select;
use crate::run::fault::LabFault;
use crate::train::step::floats;
use burn::tensor::{Tensor, TensorData};
use std::cmp::Ordering;

/// What the tables hold. The two zeros are equal.
const LEVELS: [f32; 4] = [-1.0, -0.0, 0.0, 1.0];
/// Numbers of experts; Burn sorts short rows and long ones in different ways.
const EXPERTS: [usize; 5] = [2, 8, 20, 21, 64];
/// Rows of a table; the first holds one value only.
const ROWS: usize = 12;

/// The share of rows in which the device chooses otherwise than a stable sort does.
///
/// # Errors
/// If the device does not give its numbers back.
pub async fn run(device: &OpenDevice) -> Result<Checked, LabFault> {
    let mut random = Random::new(3);
    let (mut wrong, mut all) = (0, 0);
    for experts in EXPERTS {
        let table: Vec<f32> =
            (0..ROWS * experts).map(|at| if at < experts { 0.0 } else { LEVELS[random.below(LEVELS.len())] }).collect();
        let values = Tensor::<2>::from_data(TensorData::new(table.clone(), [ROWS, experts]), &device.device);
        for k in [1, 2, 8, experts].into_iter().filter(|&k| k <= experts) {
            let order = floats(select::largest(&values, k).float().reshape([ROWS * k])).await?;
            let marks = floats(select::best(values.clone(), k).float().reshape([ROWS * experts])).await?;
            let rows = table.chunks(experts).zip(order.chunks(k)).zip(marks.chunks(experts));
            for ((row, order), marks) in rows {
                let mut places: Vec<usize> = (0..experts).collect();
                places.sort_by(|&a, &b| row[b].partial_cmp(&row[a]).unwrap_or(Ordering::Equal));
                places.truncate(k);
                let same_order = order.iter().map(|&place| place as usize).eq(places.iter().copied());
                let same_marks = marks.iter().enumerate().all(|(at, &mark)| (mark > 0.5) == places.contains(&at));
                all += 2;
                wrong += usize::from(!same_order) + usize::from(!same_marks);
            }
        }
    }
    let note = if wrong == 0 { String::new() } else { format!("{wrong} of {all} choices among equals differ") };
    Ok(Checked { name: "ties".to_owned(), error: wrong as f32 / all as f32, ok: wrong == 0, note })
}
