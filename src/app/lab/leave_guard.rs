//! The browser's question before the page is left, while it holds steps that no exported file does.

use gloo::events::{EventListener, EventListenerOptions};
use js_sys::Reflect;

/// Asks, for as long as it is kept.
pub struct Leave {
    _listener: EventListener,
}

impl Leave {
    /// From now on it is asked.
    pub fn new() -> Self {
        let options = EventListenerOptions { passive: false, ..EventListenerOptions::default() };
        let _listener = EventListener::new_with_options(&gloo::utils::window(), "beforeunload", options, |event| {
            event.prevent_default();
            // Older browsers ask only if this is set, to whatever.
            let _ = Reflect::set(event, &"returnValue".into(), &true.into());
        });
        Self { _listener }
    }
}
