//! Something large that many parts of the page show: shared, and equal only to itself, so that a part's properties can be
//! compared by derived equality without comparing what is in it.

use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

/// A shared value. Clones are the same one.
pub struct Shared<T>(Rc<T>);

impl<T> Shared<T> {
    /// Shares a value.
    pub fn new(value: T) -> Self {
        Self(Rc::new(value))
    }
}

impl<T: Clone> Shared<T> {
    /// The value to be changed; a copy of it where others share it, who keep the old one.
    pub fn make_mut(this: &mut Self) -> &mut T {
        Rc::make_mut(&mut this.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Eq for Shared<T> {}

impl<T: fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Shared;

    #[test]
    fn it_is_equal_to_its_clones_and_to_nothing_else() {
        let one = Shared::new(f32::NAN);
        assert_eq!(one.clone(), one);
        assert!(Shared::new(1) != Shared::new(1));
    }

    #[test]
    fn what_others_share_is_copied_before_it_changes() {
        let mut one = Shared::new(vec![1]);
        Shared::make_mut(&mut one).push(2);
        let other = one.clone();
        Shared::make_mut(&mut one).push(3);
        assert_eq!((one.as_slice(), other.as_slice()), (&[1, 2, 3][..], &[1, 2][..]));
    }
}
