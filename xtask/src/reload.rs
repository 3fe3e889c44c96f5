//! `cargo xtask serve --dev`: builds again when a source changes, and open pages load the new build.
//!
//! The content security policy forbids inline scripts, so the page gets one external script that waits for word from the
//! server; a release build never has it.

use crate::preview::Preview;
use crate::shell::{root, say};
use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

/// Where the page listens.
pub const EVENTS: &str = "/.reload";
/// Where its listener lies.
pub const SCRIPT: &str = "/.reload.js";
/// The listener.
pub const SCRIPT_TEXT: &str = "new EventSource(\"/.reload\").onmessage = () => location.reload();\n";

const WATCHED: [&str; 5] = ["src", "www", "assets", "index.html", "Cargo.toml"];
const PAUSE: Duration = Duration::from_millis(400);

/// Counts the builds.
#[derive(Debug, Default)]
pub struct Reload(AtomicU64);

impl Reload {
    /// Keeps the connection open and writes an event for every build.
    ///
    /// # Errors
    /// When the page is gone.
    pub fn answer(&self, stream: &mut TcpStream) -> std::io::Result<()> {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n\r\n")?;
        let mut seen = self.0.load(Ordering::Relaxed);
        loop {
            thread::sleep(PAUSE);
            let now = self.0.load(Ordering::Relaxed);
            stream.write_all(if now == seen { b": still here\n\n".as_slice() } else { b"data: new\n\n" })?;
            seen = now;
        }
    }
}

/// The page with the listener in its head.
pub fn inject(page: Vec<u8>) -> Vec<u8> {
    match String::from_utf8(page) {
        Ok(page) => {
            page.replacen("</head>", "<script type=\"module\" src=\"/.reload.js\"></script></head>", 1).into_bytes()
        }
        Err(error) => error.into_bytes(),
    }
}

/// Builds again whenever a source has changed, without end.
pub fn rebuild_on_change(reload: &Reload, preview: &Preview) {
    let newest = || WATCHED.iter().map(|name| newest_below(&root().join(name))).max();
    let mut built = newest();
    loop {
        thread::sleep(PAUSE);
        let now = newest();
        if now != built {
            built = now;
            match preview.build() {
                Ok(()) => _ = reload.0.fetch_add(1, Ordering::Relaxed),
                Err(error) => say(&format!("{error}; the page stays as it was")),
            }
        }
    }
}

/// When something at or below `path` was last changed.
fn newest_below(path: &Path) -> SystemTime {
    let own = fs::metadata(path).and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    let below = fs::read_dir(path).into_iter().flatten().flatten().map(|entry| newest_below(&entry.path()));
    below.fold(own, SystemTime::max)
}
