//! Curves as the CSV files of an export, read back. What was written is in [`crate::run::history`].

use crate::run::fault::RunFileFault;
use crate::run::history::{EVALUATIONS, STEPS};
use crate::run::record::{BranchId, Evaluation, LayerEvaluation, LayerRecord, StepRecord};

/// The steps in `metrics.csv`, in the file's order.
///
/// # Errors
/// Which line is wrong.
pub fn read_steps(text: &str) -> Result<Vec<StepRecord>, RunFileFault> {
    let mut out: Vec<StepRecord> = Vec::new();
    for line in lines(text, STEPS, "metrics.csv")? {
        let (branch, step) = (line.number(0)? as BranchId, line.number(1)?);
        let layer = LayerRecord {
            max_over_mean: line.float(5)?,
            load_entropy: line.float(6)?,
            router_entropy: line.optional(7)?,
            dropped: line.float(8)?,
            balance_loss: line.optional(9)?,
            z_loss: line.optional(10)?,
            importance_loss: line.optional(11)?,
            load_loss: line.optional(12)?,
            load: line.floats(13)?,
        };
        match out.last_mut().filter(|last| (last.branch, last.step) == (branch, step)) {
            Some(record) => record.layers.push(layer),
            None => {
                out.push(StepRecord { branch, step, loss: line.float(2)?, millis: line.float(3)?, layers: vec![layer] })
            }
        }
    }
    Ok(out)
}

/// The evaluations in `evaluations.csv`, in the file's order, without their domains.
///
/// # Errors
/// Which line is wrong.
pub fn read_evaluations(text: &str) -> Result<Vec<Evaluation>, RunFileFault> {
    let mut out: Vec<Evaluation> = Vec::new();
    for line in lines(text, EVALUATIONS, "evaluations.csv")? {
        let (branch, step) = (line.number(0)? as BranchId, line.number(1)?);
        let layer = LayerEvaluation {
            max_over_mean: line.float(5)?,
            dead: line.number(6)? as u32,
            unchanged: line.optional(7)?,
            load: line.floats(8)?,
            domains: Vec::new(),
        };
        match out.last_mut().filter(|last| (last.branch, last.step) == (branch, step)) {
            Some(record) => record.layers.push(layer),
            None => {
                let (loss, bits_per_byte) = (line.float(2)?, line.float(3)?);
                out.push(Evaluation { branch, step, loss, bits_per_byte, layers: vec![layer] });
            }
        }
    }
    Ok(out)
}

struct Line<'a> {
    file: &'static str,
    number: usize,
    fields: Vec<&'a str>,
}

fn lines<'a>(text: &'a str, head: &str, file: &'static str) -> Result<Vec<Line<'a>>, RunFileFault> {
    let body = text.strip_prefix(head).ok_or_else(|| RunFileFault::Columns { name: file.to_owned() })?;
    let columns = head.split(',').count();
    let line = |(at, line): (usize, &'a str)| {
        let line = Line { file, number: at + 2, fields: line.split(',').collect() };
        if line.fields.len() == columns { Ok(line) } else { Err(line.wrong()) }
    };
    body.lines().enumerate().map(line).collect()
}

impl Line<'_> {
    fn wrong(&self) -> RunFileFault {
        RunFileFault::Line { name: self.file.to_owned(), line: self.number }
    }

    fn field(&self, at: usize) -> &str {
        self.fields.get(at).copied().unwrap_or_default()
    }

    fn number(&self, at: usize) -> Result<u64, RunFileFault> {
        self.field(at).parse().map_err(|_| self.wrong())
    }

    fn float(&self, at: usize) -> Result<f32, RunFileFault> {
        self.field(at).parse().map_err(|_| self.wrong())
    }

    fn optional(&self, at: usize) -> Result<Option<f32>, RunFileFault> {
        if self.field(at).is_empty() { Ok(None) } else { self.float(at).map(Some) }
    }

    fn floats(&self, at: usize) -> Result<Vec<f32>, RunFileFault> {
        self.field(at).split_whitespace().map(|float| float.parse().map_err(|_| self.wrong())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{EVALUATIONS, STEPS, read_evaluations, read_steps};
    use crate::run::fault::RunFileFault;

    #[test]
    fn lines_of_one_step_are_its_layers_and_empty_fields_are_no_numbers() {
        let text = format!("{STEPS}1,7,2.5,3,0,1.5,0.9,0.8,0,1.25,,,,0.75 0.25\n1,7,2.5,3,1,1,1,1,0.5,,2,,,0.5 0.5\n");
        let steps = read_steps(&text).unwrap();
        assert_eq!((steps.len(), steps[0].branch, steps[0].step, steps[0].loss), (1, 1, 7, 2.5));
        assert_eq!((steps[0].layers.len(), steps[0].layers[1].dropped, steps[0].layers[1].z_loss), (2, 0.5, Some(2.0)));
        assert_eq!((&steps[0].layers[0].load[..], steps[0].layers[0].z_loss), (&[0.75, 0.25][..], None));
        let text = format!("{EVALUATIONS}0,0,6,3.5,0,1,2,,0.5 0.5\n0,10,5,3,0,1,0,0.25,1 0\n");
        let evaluations = read_evaluations(&text).unwrap();
        assert_eq!((evaluations.len(), evaluations[0].layers[0].dead, evaluations[1].step), (2, 2, 10));
        assert_eq!((evaluations[0].layers[0].unchanged, evaluations[1].layers[0].unchanged), (None, Some(0.25)));
    }

    #[test]
    fn damage_is_said_with_its_line() {
        assert!(read_steps("branch,step\n").unwrap_err() == RunFileFault::Columns { name: "metrics.csv".to_owned() });
        let text = format!("{EVALUATIONS}0,0,6,3.5,0,1,2,,0.5 0.5\n0,10,x,3,0,1,0,0.25,1 0\n");
        assert_eq!(
            read_evaluations(&text).unwrap_err(),
            RunFileFault::Line { name: "evaluations.csv".to_owned(), line: 3 }
        );
    }
}
