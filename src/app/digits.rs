//! Experts by their number. A digit picks one at once; where there are ten or more, a second digit soon after makes a
//! number of two, so that no expert is out of the keyboard's reach.

/// Milliseconds in which a further digit belongs to the number.
const SOON: f64 = 1000.0;

/// What was typed just now.
#[derive(Debug, Default)]
pub struct Digits {
    number: usize,
    at: f64,
    /// The expert that was selected before the number began.
    before: Option<usize>,
}

impl Digits {
    /// A digit was typed at `now`, in milliseconds, while `selected` was selected of so many experts, all from 0. The
    /// expert to be picked, or let go if it is the selected one; `None` where no expert has that number.
    pub fn press(&mut self, digit: usize, now: f64, selected: Option<usize>, experts: usize) -> Option<usize> {
        let longer = self.number * 10 + digit;
        let goes_on = self.number > 0 && now - self.at <= SOON && longer <= experts;
        if !goes_on {
            self.before = selected;
        }
        self.number = if goes_on { longer } else { digit };
        self.at = now;
        let expert = self.number.checked_sub(1).filter(|&expert| expert < experts);
        // Its first digit picked another meanwhile: to let the number's own expert go, that one goes.
        if goes_on && expert == self.before { selected } else { expert }
    }
}

#[cfg(test)]
mod tests {
    use super::Digits;

    /// What is selected after digits typed at times, as the page does it: the selected expert once more is none.
    fn typed(experts: usize, begin: Option<usize>, keys: &[(usize, f64)]) -> Option<usize> {
        let mut digits = Digits::default();
        keys.iter().fold(begin, |selected, &(digit, at)| match digits.press(digit, at, selected, experts) {
            None => selected,
            picked if picked == selected => None,
            picked => picked,
        })
    }

    #[test]
    fn one_digit_picks_at_once_and_again_lets_go() {
        assert_eq!(typed(8, None, &[(3, 0.0)]), Some(2));
        assert_eq!(typed(8, None, &[(3, 0.0), (3, 200.0)]), None);
        assert_eq!(typed(8, None, &[(3, 0.0), (5, 200.0)]), Some(4));
        assert_eq!((typed(8, None, &[(9, 0.0)]), typed(8, None, &[(0, 0.0)])), (None, None));
    }

    #[test]
    fn two_digits_reach_every_expert() {
        for expert in 9..64 {
            let keys = [((expert + 1) / 10, 0.0), ((expert + 1) % 10, 400.0)];
            assert_eq!(typed(64, None, &keys), Some(expert));
            assert_eq!(typed(64, Some(expert), &keys), None, "again lets go of E{}", expert + 1);
        }
        assert_eq!(typed(100, None, &[(1, 0.0), (0, 100.0), (0, 200.0)]), Some(99));
    }

    #[test]
    fn late_or_too_large_is_a_new_number() {
        assert_eq!(typed(16, None, &[(1, 0.0), (2, 1500.0)]), Some(1));
        assert_eq!(typed(16, None, &[(1, 0.0), (7, 100.0)]), Some(6));
        assert_eq!(typed(16, None, &[(1, 0.0), (1, 1500.0)]), None);
    }
}
