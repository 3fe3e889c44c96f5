//! Recorded things of every branch in bounded memory. When a new one would not fit, the ones that are least missed go: those
//! whose neighbours on the same branch are nearest to each other. So what is kept stays spread over the whole run.

use super::record::BranchId;

/// Things by branch and step.
#[derive(Clone, Debug)]
pub struct BranchStore<T> {
    items: Vec<Item<T>>,
    limit: u64,
}

#[derive(Clone, Debug)]
struct Item<T> {
    branch: BranchId,
    step: u64,
    bytes: u64,
    pinned: bool,
    value: T,
}

impl<T> BranchStore<T> {
    /// Holds at most `limit` bytes, but always a branch's newest thing and the pinned ones.
    pub fn new(limit: u64) -> Self {
        Self { items: Vec::new(), limit }
    }

    /// Adds a thing of so many bytes; one of the same branch and step is replaced. What is `pinned` stays.
    pub fn insert(&mut self, branch: BranchId, step: u64, bytes: u64, pinned: bool, value: T) {
        let same = |item: &Item<T>| (item.branch, item.step) == (branch, step);
        let pinned = pinned || self.items.iter().any(|item| same(item) && item.pinned);
        self.items.retain(|item| !same(item));
        let place = self.items.partition_point(|item| (item.branch, item.step) < (branch, step));
        self.items.insert(place, Item { branch, step, bytes, pinned, value });
        while self.bytes() > self.limit {
            let Some(least) = self.least_missed() else { break };
            self.items.remove(least);
        }
    }

    /// The place of the thing whose neighbours are nearest to each other; the older one of equals.
    fn least_missed(&self) -> Option<usize> {
        let candidates = self.items.iter().enumerate().filter_map(|(at, item)| {
            let neighbour =
                |at: Option<usize>| at.and_then(|at| self.items.get(at)).filter(|n| n.branch == item.branch);
            // The newest thing of a branch has no successor.
            let after = neighbour(at.checked_add(1))?;
            let before = neighbour(at.checked_sub(1)).map_or(0, |before| before.step);
            (!item.pinned).then_some((after.step - before, item.step, at))
        });
        candidates.min().map(|(.., at)| at)
    }

    /// The newest thing of a branch that is not younger than `step`, and its step.
    pub fn at(&self, branch: BranchId, step: u64) -> Option<(u64, &T)> {
        let own = self.items.iter().rev().find(|item| item.branch == branch && item.step <= step)?;
        Some((own.step, &own.value))
    }

    /// Everything of a branch, oldest first.
    pub fn of(&self, branch: BranchId) -> impl DoubleEndedIterator<Item = (u64, &T)> {
        self.items.iter().filter(move |item| item.branch == branch).map(|item| (item.step, &item.value))
    }

    /// Forgets a branch.
    pub fn forget(&mut self, branch: BranchId) {
        self.items.retain(|item| item.branch != branch);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.items.clear();
    }

    /// Bytes held.
    pub fn bytes(&self) -> u64 {
        self.items.iter().map(|item| item.bytes).sum()
    }

    /// Bytes that may be held.
    pub fn limit(&self) -> u64 {
        self.limit
    }
}

/// The kept step to show for a wanted one: the newest that is not after it, else the oldest there is.
pub fn shown(kept: impl Iterator<Item = u64>, wanted: u64) -> Option<u64> {
    kept.min_by_key(|&step| (step > wanted, step.abs_diff(wanted)))
}

#[cfg(test)]
mod tests {
    use super::{BranchStore, shown};

    #[test]
    fn a_later_step_is_shown_only_where_there_is_no_earlier_one() {
        let kept = |wanted| shown([50, 0, 44, 55].into_iter(), wanted);
        assert_eq!([0, 43, 44, 49, 54, 900].map(kept), [0, 0, 44, 44, 50, 55].map(Some));
        assert_eq!(shown([50, 30].into_iter(), 20), Some(30));
        assert_eq!(shown([].into_iter(), 20), None);
    }

    #[test]
    fn what_is_kept_fits_and_stays_spread_over_the_run() {
        let mut store = BranchStore::new(100);
        for step in 1..=1000 {
            store.insert(0, step, 10, step == 1, step);
            assert!(store.bytes() <= 100);
        }
        let steps: Vec<u64> = store.of(0).map(|(step, _)| step).collect();
        assert_eq!((steps.len(), steps[0], steps[9]), (10, 1, 1000));
        let gaps: Vec<u64> = steps.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(*gaps.iter().max().unwrap() <= 300, "{steps:?}");
        assert_eq!(store.at(0, 999).unwrap().0, steps[8]);
        assert!(store.at(0, 0).is_none() && store.at(1, 5).is_none());
    }

    #[test]
    fn a_newer_thing_replaces_one_of_the_same_step_and_branches_are_apart() {
        let mut store = BranchStore::new(30);
        store.insert(0, 5, 10, true, "a");
        store.insert(0, 5, 10, false, "b");
        store.insert(1, 5, 10, false, "c");
        store.insert(1, 9, 10, false, "d");
        store.insert(1, 7, 10, false, "e");
        assert_eq!(store.at(0, 5), Some((5, &"b")));
        // Branch 1 lost the one between its neighbours; the pinned and the newest stayed.
        assert_eq!(store.of(1).map(|(step, _)| step).collect::<Vec<_>>(), [5, 9]);
        store.forget(1);
        assert_eq!(store.bytes(), 10);
    }
}
