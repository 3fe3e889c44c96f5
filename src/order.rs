//! Sorting that is compiled once. The standard library's is compiled anew for every type and every comparison, some 4 kB each,
//! and the page sorts two dozen short lists.

use std::cmp::Ordering;

/// The places 0..`len` in order of what stands there; equal ones keep their order.
pub fn places(len: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..len).collect();
    places.sort_by(|&a, &b| compare(a, b));
    places
}

/// Sorts a list; equal entries keep their order.
pub fn sort<T>(list: &mut Vec<T>, mut compare: impl FnMut(&T, &T) -> Ordering) {
    let order = places(list.len(), &mut |a, b| compare(&list[a], &list[b]));
    let mut from: Vec<Option<T>> = list.drain(..).map(Some).collect();
    list.extend(order.into_iter().filter_map(|at| from.get_mut(at)?.take()));
}

/// Sorts a list by a key of each entry; equal entries keep their order.
pub fn sort_by_key<T, K: Ord>(list: &mut Vec<T>, key: impl Fn(&T) -> K) {
    sort(list, |a, b| key(a).cmp(&key(b)));
}

#[cfg(test)]
mod tests {
    use super::{sort, sort_by_key};

    #[test]
    fn it_is_the_standard_librarys_order() {
        let mut draws = 7_u32;
        for len in [0, 1, 2, 3, 20, 21, 100, 1000] {
            let list: Vec<(u32, usize)> = (0..len)
                .map(|at| {
                    draws = draws.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (draws >> 29, at)
                })
                .collect();
            let (mut ours, mut keyed, mut theirs) = (list.clone(), list.clone(), list);
            sort(&mut ours, |a, b| b.0.cmp(&a.0));
            sort_by_key(&mut keyed, |entry| std::cmp::Reverse(entry.0));
            theirs.sort_by_key(|entry| std::cmp::Reverse(entry.0));
            assert_eq!((&ours, &keyed), (&theirs, &theirs));
        }
    }
}
