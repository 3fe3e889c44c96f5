//! Independent pieces of work, over all cores natively and one after another in the browser.

/// How many pieces can run at once.
pub fn workers() -> usize {
    #[cfg(feature = "cli")]
    {
        rayon::current_num_threads()
    }
    #[cfg(not(feature = "cli"))]
    {
        1
    }
}

/// Runs `work` on every item.
pub fn each<T: Send>(items: Vec<T>, work: impl Fn(T) + Sync + Send) {
    #[cfg(feature = "cli")]
    {
        use rayon::prelude::*;
        items.into_par_iter().for_each(work);
    }
    #[cfg(not(feature = "cli"))]
    {
        items.into_iter().for_each(work);
    }
}

/// Cuts `0..len` into ranges of `size` (the last may be shorter).
pub fn ranges(len: usize, size: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    (0..len).step_by(size.max(1)).map(move |start| start..(start + size).min(len))
}
