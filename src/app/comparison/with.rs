//! The chosen models, as a short list of names that goes into the address.

use std::rc::Rc;

/// Most models side by side.
pub const MOST: usize = 3;

/// Two or three names of checkpoint folders, without repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct With(Rc<Vec<String>>);

impl Default for With {
    /// A dense model, the sparse one that holds as much and uses half of it, and a sparse one that picks a single expert.
    fn default() -> Self {
        Self::read("dense-total,shazeer,switch")
    }
}

impl With {
    /// From an address: names with commas between. What is no name of a folder is left out; with none left, the usual.
    pub fn read(value: &str) -> Self {
        let mut names: Vec<String> = Vec::new();
        for name in value.split(',').filter(|name| is_name(name)) {
            if names.len() < MOST && !names.iter().any(|other| other == name) {
                names.push(name.to_owned());
            }
        }
        if names.is_empty() { Self::default() } else { Self(Rc::new(names)) }
    }

    /// For the address.
    pub fn write(&self) -> String {
        self.0.join(",")
    }

    /// The names.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// A model's place among them, which is its letter; 0 for a model that is not one of them.
    pub fn place(&self, name: &str) -> usize {
        self.0.iter().position(|other| other == name).unwrap_or(0)
    }

    /// The same with another model at a place: the next free one to add it, `None` to take it away.
    pub fn set(&self, place: usize, name: Option<&str>) -> Self {
        let mut names: Vec<&str> = self.0.iter().map(String::as_str).collect();
        match name {
            Some(name) if place < names.len() => names[place] = name,
            Some(name) => names.push(name),
            None if place < names.len() => drop(names.remove(place)),
            None => {}
        }
        Self::read(&names.join(","))
    }
}

/// Whether it can be a folder's name: nothing that leads elsewhere.
pub fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_written() {
        assert_eq!(With::read("switch,base").write(), "switch,base");
        assert_eq!(With::read("a,a,../b,b,,c,d").write(), "a,b,c");
        assert_eq!(With::read("%2e%2e"), With::default());
    }

    #[test]
    fn models_come_and_go() {
        let two = With::read("a,b");
        assert_eq!(two.set(0, Some("c")).write(), "c,b");
        assert_eq!(two.set(2, Some("c")).write(), "a,b,c");
        assert_eq!(two.set(0, None).write(), "b");
        assert_eq!(two.set(0, Some("b")).write(), "b", "the same model twice is one");
    }
}
