//! A run's logs: `steps.csv` and `evaluations.csv`.

/// Steps that the training loss is averaged over: a single batch says little, and the page need not load every step.
pub const WINDOW: usize = 20;

/// The training loss of some steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trained {
    /// The last of the steps.
    pub step: usize,
    /// Seconds spent in steps until then.
    pub seconds: f64,
    /// Mean loss of [`WINDOW`] steps in nats per token.
    pub loss: f64,
}

/// An evaluation on held-out text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluated {
    /// Steps done.
    pub step: usize,
    /// Seconds spent in steps until then.
    pub seconds: f64,
    /// Mean over the domains.
    pub bits_per_byte: f64,
    /// The same, routed as published where that looks at later tokens.
    pub published_bits_per_byte: Option<f64>,
    /// Largest load over mean load of the worst layer.
    pub max_over_mean: f64,
}

/// The first line of `evaluations.csv`.
pub const EVALUATIONS: &str = "step,tokens,seconds,loss,bits_per_byte,max_over_mean,dead_experts";

/// The first line of `evaluations.csv` where the method as published looks at later tokens.
pub const PUBLISHED_EVALUATIONS: &str =
    "step,tokens,seconds,loss,bits_per_byte,max_over_mean,dead_experts,published_bits_per_byte";

/// The rows of a table whose first line is `header`; `what` names it in messages.
fn rows<'a>(
    what: &'a str,
    csv: &'a str,
    header: &str,
) -> Result<impl Iterator<Item = Result<Vec<f64>, String>>, String> {
    let columns = header.split(',').count();
    let mut lines = csv.lines();
    if lines.next() != Some(header) {
        return Err(format!("{what} does not begin with the line `{header}`"));
    }
    Ok(lines.enumerate().map(move |(at, line)| {
        let cells: Option<Vec<f64>> = line.split(',').map(|cell| cell.parse().ok()).collect();
        cells
            .filter(|cells| cells.len() == columns)
            .ok_or_else(|| format!("{what}, line {}: not {columns} numbers", at + 2))
    }))
}

/// `steps.csv`, thinned to means over [`WINDOW`] steps; `tokens` are those of a step.
///
/// # Errors
/// If it is not such a table.
pub fn trained(csv: &str, tokens: f64) -> Result<Vec<Trained>, String> {
    let (mut out, mut sum, mut count, mut seconds) = (Vec::new(), 0.0, 0, 0.0);
    for row in rows("steps.csv", csv, "step,loss_nats_per_token,tokens_per_second")? {
        let row = row?;
        sum += row[1];
        count += 1;
        seconds += tokens / row[2].max(1.0);
        let step = row[0] as usize;
        if step.is_multiple_of(WINDOW) {
            out.push(Trained { step, seconds, loss: sum / f64::from(count) });
            (sum, count) = (0.0, 0);
        }
    }
    Ok(out)
}

/// How even a run's speed was: the 90th over the 10th percentile of the steps' tokens a second.
///
/// # Errors
/// If `steps.csv` is not such a table.
pub fn unevenness(csv: &str) -> Result<f64, String> {
    let rows = rows("steps.csv", csv, "step,loss_nats_per_token,tokens_per_second")?;
    let mut speeds = rows.map(|row| Ok(row?[2])).collect::<Result<Vec<f64>, String>>()?;
    speeds.sort_by(f64::total_cmp);
    let at = |share: usize| speeds.get(speeds.len() * share / 10).copied().unwrap_or(1.0);
    Ok(at(9) / at(1).max(1.0))
}

/// `evaluations.csv`.
///
/// # Errors
/// If it is not such a table.
pub fn evaluated(csv: &str) -> Result<Vec<Evaluated>, String> {
    let published = csv.lines().next() == Some(PUBLISHED_EVALUATIONS);
    let rows = rows("evaluations.csv", csv, if published { PUBLISHED_EVALUATIONS } else { EVALUATIONS })?;
    rows.map(|row| {
        let row = row?;
        Ok(Evaluated {
            step: row[0] as usize,
            seconds: row[2],
            bits_per_byte: row[4],
            published_bits_per_byte: row.get(7).copied(),
            max_over_mean: row[5],
        })
    })
    .collect()
}

/// The value at `x` on the straight lines through `points`, which rise in x; `None` outside of them.
pub fn interpolate(points: &[(f64, f64)], x: f64) -> Option<f64> {
    let exact = points.iter().find(|(at, _)| *at == x).map(|(_, y)| *y);
    exact.or_else(|| {
        points.windows(2).find_map(|pair| {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            (x0 < x && x < x1).then(|| y0 + (y1 - y0) * (x - x0) / (x1 - x0))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_averaged_and_timed() {
        let rows: String = (1..=45).map(|step| format!("{step},{}.5,100\n", step)).collect();
        let log = trained(&format!("step,loss_nats_per_token,tokens_per_second\n{rows}"), 200.0).unwrap();
        // Steps 1 to 20 have the mean 10.5 + 0.5, two seconds each; the last five fill no window.
        let at = |step, seconds, loss| Trained { step, seconds, loss };
        assert_eq!(log, [at(20, 40.0, 11.0), at(40, 80.0, 31.0)]);
    }

    #[test]
    fn a_shared_machine_shows_in_the_speed() {
        let log = |speed: fn(usize) -> usize| {
            let rows: String = (1..=20).map(|step| format!("{step},1,{}\n", speed(step))).collect();
            unevenness(&format!("step,loss_nats_per_token,tokens_per_second\n{rows}")).unwrap()
        };
        assert_eq!((log(|_| 500), log(|step| if step <= 10 { 300 } else { 900 })), (1.0, 3.0));
    }

    #[test]
    fn a_table_that_is_none_is_named_with_its_line() {
        assert!(trained("a,b\n", 1.0).unwrap_err().contains("steps.csv"));
        let broken = "step,tokens,seconds,loss,bits_per_byte,max_over_mean,dead_experts\n1,2,3,4,5,6,7\n1,2,x\n";
        assert_eq!(evaluated(broken).unwrap_err(), "evaluations.csv, line 3: not 7 numbers");
    }

    #[test]
    fn what_looks_ahead_is_measured_both_ways() {
        let read = |csv: &str| evaluated(csv).unwrap().first().map(|at| (at.bits_per_byte, at.published_bits_per_byte));
        assert_eq!(read(&format!("{PUBLISHED_EVALUATIONS}\n1,2,3,4,5,6,7,8\n")), Some((5.0, Some(8.0))));
        assert_eq!(read(&format!("{EVALUATIONS}\n1,2,3,4,5,6,7\n")), Some((5.0, None)));
    }

    #[test]
    fn lines_between_points() {
        let points = [(1.0, 10.0), (3.0, 20.0), (4.0, 0.0)];
        let at = |x| interpolate(&points, x);
        assert_eq!(
            (at(1.0), at(2.0), at(3.0), at(3.5), at(4.0)),
            (Some(10.0), Some(15.0), Some(20.0), Some(10.0), Some(0.0))
        );
        assert_eq!((at(0.9), at(4.1), interpolate(&[], 1.0)), (None, None, None));
    }
}
