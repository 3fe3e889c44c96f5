//! When to do the next step, when to tell of the last ones, and when to let messages in.

use web_time::{Duration, Instant};

/// Between two messages about steps.
const TELL: Duration = Duration::from_millis(50);
/// Between two looks at the inbox.
const PAUSE: Duration = Duration::from_millis(15);
/// Between two copies of the state for the page.
const SAVE: Duration = Duration::from_secs(15);

/// The clock of a run.
#[derive(Debug)]
pub struct Pace {
    /// Most steps a second.
    limit: Option<f32>,
    next: Instant,
    told: Instant,
    paused: Instant,
    saved: Instant,
}

impl Default for Pace {
    fn default() -> Self {
        let now = Instant::now();
        Self { limit: None, next: now, told: now, paused: now, saved: now }
    }
}

impl Pace {
    /// Not faster than so many steps a second. What is no positive number is no limit.
    pub fn limit(&mut self, limit: Option<f32>) {
        self.limit = limit.filter(|limit| limit.is_finite() && *limit > 0.0);
        self.begin();
    }

    /// The next step may come at once.
    pub fn begin(&mut self) {
        self.next = Instant::now();
    }

    /// Milliseconds until the next step, rounded up.
    pub fn wait(&self) -> u32 {
        let wait = self.next.saturating_duration_since(Instant::now());
        wait.as_micros().div_ceil(1000) as u32
    }

    /// A step begins.
    pub fn step(&mut self) {
        let now = Instant::now();
        self.next = match self.limit {
            Some(limit) => now + Duration::from_secs_f32((1.0 / limit).min(3600.0)),
            None => now,
        };
    }

    /// Whether it is time to tell of steps.
    pub fn should_tell(&mut self) -> bool {
        due(&mut self.told, TELL)
    }

    /// Whether it is time to let messages in.
    pub fn should_pause(&mut self) -> bool {
        due(&mut self.paused, PAUSE)
    }

    /// Whether it is time to give the page a copy.
    pub fn should_save(&mut self) -> bool {
        due(&mut self.saved, SAVE)
    }
}

fn due(last: &mut Instant, every: Duration) -> bool {
    let now = Instant::now();
    let due = now.saturating_duration_since(*last) >= every;
    if due {
        *last = now;
    }
    due
}
