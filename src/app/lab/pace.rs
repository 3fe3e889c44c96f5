//! Says when a frame paints and when it also writes words: the trainer tells more often than anybody can read, and
//! what it told must be shown in the end, whatever else happened in between.

/// Milliseconds between two paintings of new steps, words included.
const PACE: f64 = 120.0;

/// What is owed to the screen.
#[derive(Debug, Default)]
pub struct Pace {
    /// When new steps were painted last, in milliseconds.
    painted: f64,
    /// The next frame must paint, for the visitor did something.
    urgent: bool,
    /// The trainer told something that no words show yet.
    untold: bool,
}

/// What a frame does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Due {
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
        let rested = now - self.painted >= PACE;
        let words = self.untold && rested;
        let paint = std::mem::take(&mut self.urgent) || words;
        if words {
            self.untold = false;
            self.painted = now;
        }
        Due { paint, words, again: self.untold }
    }
}

#[cfg(test)]
mod tests {
    use super::{Due, Pace};

    const NOTHING: Due = Due { paint: false, words: false, again: false };

    #[test]
    fn news_are_shown_at_a_readable_pace() {
        let mut pace = Pace::default();
        pace.told();
        assert_eq!(pace.frame(1000.0), Due { paint: true, words: true, again: false });
        pace.told();
        assert_eq!(pace.frame(1016.0), Due { again: true, ..NOTHING });
        assert_eq!(pace.frame(1130.0), Due { paint: true, words: true, again: false });
        assert_eq!(pace.frame(2000.0), NOTHING);
    }

    #[test]
    fn news_between_a_key_and_its_frame_are_not_lost() {
        let mut pace = Pace::default();
        pace.told();
        pace.frame(1000.0);
        pace.hurry();
        pace.told();
        assert_eq!(pace.frame(1016.0), Due { paint: true, words: false, again: true }, "the key at once");
        assert_eq!(pace.frame(1130.0), Due { paint: true, words: true, again: false }, "the news in time");
        pace.hurry();
        pace.told();
        assert_eq!(pace.frame(2000.0), Due { paint: true, words: true, again: false }, "both in one frame");
    }
}
