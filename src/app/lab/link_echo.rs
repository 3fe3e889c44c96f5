//! Tells a link that the page itself put into the address from one that the visitor went to, with the back button say.

/// What the address holds because of the run.
#[derive(Debug)]
pub struct Echo {
    link: String,
    /// A link on its way into the address.
    sent: Option<String>,
}

impl Echo {
    /// Of a page that was opened with a link.
    pub fn new(link: &str) -> Self {
        Self { link: link.to_owned(), sent: None }
    }

    /// Whether the address, which holds `shown`, must be told of the run's link.
    pub fn tells(&mut self, link: &str, shown: &str) -> bool {
        if link == self.link {
            return false;
        }
        link.clone_into(&mut self.link);
        self.sent = (link != shown).then(|| link.to_owned());
        true
    }

    /// Whether a link that appeared in the address is the visitor's.
    pub fn foreign(&mut self, link: &str) -> bool {
        if self.sent.as_deref() == Some(link) {
            self.sent = None;
            return false;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Echo;

    #[test]
    fn what_the_page_says_comes_back_once_and_all_else_is_the_visitors() {
        let mut echo = Echo::new("a");
        assert!(!echo.tells("a", "a"));
        assert!(echo.tells("b", "a"));
        assert!(!echo.foreign("b"), "its own");
        assert!(echo.foreign("h"), "the address was edited");
        assert!(!echo.tells("b", "h"), "the run is still the same");
        assert!(echo.foreign("b"), "back to the run's link");
        // The address holds it already: nothing comes back.
        assert!(echo.foreign("h") && echo.tells("h", "h") && echo.foreign("b") && echo.foreign("h"));
    }
}
