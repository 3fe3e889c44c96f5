//! Sums and differences that are right.

use super::TextDraw;

/// A short list of exercises.
pub fn document(draw: &mut TextDraw) -> String {
    let mut lines = Vec::new();
    for _ in 0..4 + draw.below(5) {
        let (a, b) = (draw.below(50), draw.below(50));
        lines.push(match draw.below(3) {
            0 => format!("{a} + {b} = {}", a + b),
            1 => format!("{} - {b} = {a}", a + b),
            _ => format!("{} x {} = {}", a % 10, b % 10, (a % 10) * (b % 10)),
        });
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::{TextDraw, document};

    #[test]
    fn every_line_is_right() {
        let mut draw = TextDraw(3);
        for line in (0..50).map(|_| document(&mut draw)).collect::<String>().lines() {
            let words: Vec<&str> = line.split(' ').collect();
            let number = |at: usize| words[at].parse::<i64>().unwrap();
            let result = match words[1] {
                "+" => number(0) + number(2),
                "-" => number(0) - number(2),
                _ => number(0) * number(2),
            };
            assert_eq!(result, number(4), "{line}");
        }
    }
}
