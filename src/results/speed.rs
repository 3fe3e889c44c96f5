//! `speed.csv`: how fast each method is trained, all measured by turns on one machine, so that their seconds compare.

use super::LoggedRun;
use crate::order;

const HEAD: &str = "preset,tokens_per_second,least,most";

/// One method's speed over all counted steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Speed {
    /// The preset's name.
    pub preset: String,
    /// Tokens a second, the median.
    pub tokens_per_second: f64,
    /// The slowest step.
    pub least: f64,
    /// The fastest.
    pub most: f64,
}

impl Speed {
    /// Of the steps' tokens a second; `None` if there are none.
    pub fn of(preset: &str, steps: &[f64]) -> Option<Self> {
        let mut sorted = steps.to_vec();
        order::sort(&mut sorted, f64::total_cmp);
        Some(Self {
            preset: preset.to_owned(),
            tokens_per_second: *sorted.get(sorted.len() / 2)?,
            least: *sorted.first()?,
            most: *sorted.last()?,
        })
    }
}

/// The file's text.
pub fn to_csv(speeds: &[Speed]) -> String {
    let row = |one: &Speed| format!("{},{:.0},{:.0},{:.0}\n", one.preset, one.tokens_per_second, one.least, one.most);
    format!("{HEAD}\n{}", speeds.iter().map(row).collect::<String>())
}

/// The file's rows.
///
/// # Errors
/// If it is not such a table, or a speed is none.
pub fn from_csv(csv: &str) -> Result<Vec<Speed>, String> {
    let mut lines = csv.lines();
    if lines.next() != Some(HEAD) {
        return Err(format!("speed.csv does not begin with the line `{HEAD}`"));
    }
    let row = |(at, line): (usize, &str)| {
        let (preset, numbers) = line.split_once(',')?;
        let numbers: Option<Vec<f64>> = numbers.split(',').map(|cell| cell.parse().ok()).collect();
        let numbers = numbers.filter(|all| all.iter().all(|one: &f64| one.is_finite() && *one > 0.0))?;
        let &[tokens_per_second, least, most] = numbers.as_slice() else { return None };
        Some((at, Speed { preset: preset.to_owned(), tokens_per_second, least, most }))
    };
    let lines = lines.enumerate();
    lines
        .map(|at| {
            let wrong = || format!("speed.csv, line {}: not a name and three numbers above 0", at.0 + 2);
            row(at).map(|(_, speed)| speed).ok_or_else(wrong)
        })
        .collect()
}

/// Gives the runs of the measured methods their seconds at that speed, instead of those of the hour in which they ran.
pub fn apply(speeds: &[Speed], runs: &mut [LoggedRun]) {
    for run in runs {
        let Some(speed) = speeds.iter().find(|speed| speed.preset == run.result.preset) else { continue };
        let step = run.result.tokens as f64 / run.result.steps.max(1) as f64 / speed.tokens_per_second;
        run.trained.iter_mut().for_each(|at| at.seconds = at.step as f64 * step);
        run.evaluated.iter_mut().for_each(|at| at.seconds = at.step as f64 * step);
        run.result.seconds = run.result.steps as f64 * step;
        run.result.tokens_per_second = speed.tokens_per_second;
        run.unevenness = 1.0;
        run.measured = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_survives_and_says_what_is_wrong() {
        let speed = Speed::of("a", &[30.0, 10.0, 20.0]).unwrap();
        assert_eq!((speed.tokens_per_second, speed.least, speed.most), (20.0, 10.0, 30.0));
        assert_eq!(Speed::of("a", &[]), None);
        let speeds = vec![speed];
        assert_eq!(to_csv(&speeds), "preset,tokens_per_second,least,most\na,20,10,30\n");
        assert_eq!(from_csv(&to_csv(&speeds)).unwrap(), speeds);
        assert!(from_csv("a,b\n").unwrap_err().contains("does not begin"));
        for row in ["a,1,2", "a,1,2,x", "a,0,1,2", "a,NaN,1,2", "a"] {
            let said = from_csv(&format!("{HEAD}\na,1,1,1\n{row}\n")).unwrap_err();
            assert!(said.contains("line 3"), "{row}: {said}");
        }
    }
}
