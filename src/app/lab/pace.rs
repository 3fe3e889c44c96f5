//! Says when a frame paints and when it also writes words: the trainer tells more often than anybody can read, and
//! what it told must be shown in the end, whatever else happened in between.

/// Milliseconds between two paintings of new steps, words included.
const PACE: f64 = 120.0;
/// Milliseconds from curves to their words. A browser without a GPU puts the curves on the screen with the same cores
/// that write the words: both at once would hold up the page.
const AFTER: f64 = 60.0;

/// What is owed to the screen.
#[derive(Debug, Default)]
pub struct Pace {
    /// When new steps were painted last, in milliseconds.
    painted: f64,
    /// The next frame must paint, for the visitor did something.
    urgent: bool,
    /// The trainer told something that no curve shows yet.
    untold: bool,
    /// The curves show what no words say yet.
    unsaid: bool,
}

/// What a frame does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Due {
    /// Show what the trainer told since.
    pub news: bool,
    /// Paint the curves.
    pub paint: bool,
    /// Write the words anew.
    pub words: bool,
    /// Ask for a frame more.
    pub again: bool,
}

impl Pace {
    /// The visitor did something, or the size changed.
    pub fn hurry(&mut self) {
        self.urgent = true;
    }

    /// The trainer told something.
    pub fn told(&mut self) {
        self.untold = true;
    }

    /// What the frame at `now`, in milliseconds, does.
    pub fn frame(&mut self, now: f64) -> Due {
        let curves = self.untold && now - self.painted >= PACE;
        let paint = std::mem::take(&mut self.urgent) || curves;
        if curves {
            (self.painted, self.untold, self.unsaid) = (now, false, true);
        }
        let words = self.unsaid && !paint && now - self.painted >= AFTER;
        self.unsaid &= !words;
        Due { news: curves, paint, words, again: self.untold || self.unsaid }
    }
}

#[cfg(test)]
mod tests {
    use super::{Due, Pace};

    const NOTHING: Due = Due { news: false, paint: false, words: false, again: false };

    const CURVES: Due = Due { news: true, paint: true, words: false, again: true };
    const WORDS: Due = Due { news: false, paint: false, words: true, again: false };

    #[test]
    fn news_are_shown_at_a_readable_pace() {
        let mut pace = Pace::default();
        pace.told();
        assert_eq!(pace.frame(1000.0), CURVES);
        assert_eq!(pace.frame(1016.0), Due { again: true, ..NOTHING }, "the screen is still busy with the curves");
        assert_eq!(pace.frame(1060.0), WORDS);
        pace.told();
        assert_eq!(pace.frame(1076.0), Due { again: true, ..NOTHING });
        assert_eq!((pace.frame(1130.0), pace.frame(1190.0)), (CURVES, WORDS));
        assert_eq!(pace.frame(2000.0), NOTHING);
    }

    #[test]
    fn news_between_a_key_and_its_frame_are_not_lost() {
        let mut pace = Pace::default();
        pace.told();
        pace.frame(1000.0);
        pace.frame(1060.0);
        pace.hurry();
        pace.told();
        assert_eq!(pace.frame(1076.0), Due { news: false, ..CURVES }, "the key at once, the news in time");
        assert_eq!((pace.frame(1130.0), pace.frame(1190.0)), (CURVES, WORDS));
        pace.hurry();
        pace.told();
        assert_eq!((pace.frame(2000.0), pace.frame(2060.0)), (CURVES, WORDS), "both in one frame");
    }

    #[test]
    fn words_wait_for_a_frame_that_paints_nothing() {
        let mut pace = Pace::default();
        pace.told();
        pace.frame(1000.0);
        pace.hurry();
        assert_eq!((pace.frame(1060.0), pace.frame(1076.0)), (Due { news: false, ..CURVES }, WORDS));
    }

    /// On a page so slow that no frame comes between two paintings, words still come.
    #[test]
    fn a_slow_page_says_its_words_too() {
        let mut pace = Pace::default();
        pace.told();
        pace.frame(1000.0);
        pace.told();
        assert_eq!(pace.frame(1300.0), CURVES);
        assert_eq!(pace.frame(1600.0), WORDS);
    }
}
