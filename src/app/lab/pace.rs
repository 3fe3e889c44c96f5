//! Says when a frame paints and when it also writes words: the trainer tells more often than anybody can read, and
//! what it told must be shown in the end, whatever else happened in between.

/// Milliseconds between two paintings of new steps, words included.
const PACE: f64 = 120.0;
/// Milliseconds from curves to their words. A browser without a GPU puts the curves on the screen with the same cores
/// that write the words: both at once would hold up the page.
const AFTER: f64 = 80.0;
/// Longest that words wait for a visitor who moves the line without a rest.
const LATEST: f64 = 160.0;

/// What is owed to the screen.
#[derive(Debug, Default)]
pub struct PaintPace {
    /// When new steps were painted last, in milliseconds.
    painted: f64,
    /// The next frame must paint, for the visitor did something.
    urgent: bool,
    /// The trainer told something that no curve shows yet.
    untold: bool,
    /// The curves show what no words say yet.
    unsaid: bool,
    /// The first frame that left it unsaid.
    since: Option<f64>,
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

impl PaintPace {
    /// The visitor did something, or the size changed.
    pub fn hurry(&mut self) {
        self.urgent = true;
    }

    /// The trainer told something.
    pub fn told(&mut self) {
        self.untold = true;
    }

    /// The visitor moved the line: the curves follow in the next frame, the words when it has come to rest.
    pub fn moved(&mut self) {
        (self.urgent, self.unsaid) = (true, true);
    }

    /// What the frame at `now`, in milliseconds, does; `busy` while curves wait for their turn to be painted. New curves
    /// wait for the words of those before them, or on a slow page no words would ever come.
    pub fn frame(&mut self, now: f64, busy: bool) -> Due {
        let curves = self.untold && !self.unsaid && !busy && now - self.painted >= PACE;
        let waited = if self.unsaid { now - *self.since.get_or_insert(now) } else { 0.0 };
        let rests = !self.urgent || waited >= LATEST;
        let words = self.unsaid && rests && !busy && now - self.painted >= AFTER;
        let paint = !words && (std::mem::take(&mut self.urgent) || curves);
        if curves {
            (self.painted, self.untold, self.unsaid) = (now, false, true);
        }
        if words {
            (self.unsaid, self.since) = (false, None);
        }
        Due { news: curves, paint, words, again: self.untold || self.unsaid || self.urgent }
    }
}

#[cfg(test)]
mod tests {
    use super::{Due, PaintPace};

    const NOTHING: Due = Due { news: false, paint: false, words: false, again: false };

    const CURVES: Due = Due { news: true, paint: true, words: false, again: true };
    const WORDS: Due = Due { news: false, paint: false, words: true, again: false };

    #[test]
    fn news_are_shown_at_a_readable_pace() {
        let mut pace = PaintPace::default();
        pace.told();
        assert_eq!(pace.frame(1000.0, false), CURVES);
        assert_eq!(
            pace.frame(1016.0, false),
            Due { again: true, ..NOTHING },
            "the screen is still busy with the curves"
        );
        assert_eq!(pace.frame(1080.0, false), WORDS);
        pace.told();
        assert_eq!(pace.frame(1096.0, false), Due { again: true, ..NOTHING });
        assert_eq!((pace.frame(1130.0, false), pace.frame(1210.0, false)), (CURVES, WORDS));
        assert_eq!(pace.frame(2000.0, false), NOTHING);
    }

    #[test]
    fn news_between_a_key_and_its_frame_are_not_lost() {
        let mut pace = PaintPace::default();
        pace.told();
        pace.frame(1000.0, false);
        pace.frame(1080.0, false);
        pace.hurry();
        pace.told();
        assert_eq!(pace.frame(1096.0, false), Due { news: false, ..CURVES }, "the key at once, the news in time");
        assert_eq!((pace.frame(1130.0, false), pace.frame(1210.0, false)), (CURVES, WORDS));
        pace.hurry();
        pace.told();
        assert_eq!((pace.frame(2000.0, false), pace.frame(2080.0, false)), (CURVES, WORDS), "both in one frame");
    }

    #[test]
    fn words_wait_for_a_frame_that_paints_nothing() {
        let mut pace = PaintPace::default();
        pace.told();
        pace.frame(1000.0, false);
        pace.hurry();
        assert_eq!(pace.frame(1080.0, false), Due { news: false, ..CURVES });
        assert_eq!(pace.frame(1096.0, true), Due { again: true, ..NOTHING }, "a part of the curves is not painted");
        assert_eq!(pace.frame(1112.0, false), WORDS);
    }

    #[test]
    fn words_follow_a_line_that_is_moved() {
        let (curves, mut pace) = (Due { news: false, ..CURVES }, PaintPace::default());
        pace.moved();
        assert_eq!((pace.frame(1000.0, false), pace.frame(1016.0, false)), (curves, WORDS));
        let painted = |due: Due| (due.paint, due.words);
        let frames = (0..24).map(|at| {
            pace.moved();
            painted(pace.frame(2000.0 + 16.0 * f64::from(at), false))
        });
        let frames: Vec<(bool, bool)> = frames.collect();
        assert!(frames.iter().all(|&(paint, words)| paint != words), "never both, and in each frame one: {frames:?}");
        assert_eq!(frames.iter().position(|&(_, words)| words), Some(10), "160 ms after the first");
        assert_eq!(frames.iter().filter(|(_, words)| *words).count(), 2);
    }

    /// However slow the page is and however much the trainer tells: curves, then their words, then curves again.
    #[test]
    fn a_slow_page_says_its_words_too() {
        let mut pace = PaintPace::default();
        for round in 0..5 {
            let at = 1000.0 * f64::from(round);
            pace.told();
            assert_eq!(pace.frame(at + 200.0, false), CURVES);
            pace.told();
            assert_eq!(pace.frame(at + 500.0, true), Due { again: true, ..NOTHING });
            assert_eq!(pace.frame(at + 800.0, false), Due { again: true, ..WORDS });
        }
    }
}
