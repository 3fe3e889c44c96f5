//! A loopback web server for a folder: what `cargo xtask serve` and the browser tests show the page with.
//!
//! It answers GET and HEAD for files below the folder and for nothing else, and tells browsers to ask again every time,
//! so that a new build is seen at once.

use crate::preview::{Preview, Speed};
use crate::reload::Reload;
use crate::shell::{command, say};
use crate::{Result, reload};
use percent_encoding::percent_decode_str;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{fs, thread};

/// The port where none is asked for; if it is taken, one of the next.
const PORT: u16 = 8080;
const TRIES: u16 = 20;
/// Longest request line and headers that are read, in bytes.
const MAX_HEAD: u64 = 64 * 1024;

/// What to serve, and how.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// The folder.
    pub folder: PathBuf,
    /// The path it appears under, `/` or `/some/where/`.
    pub mount: String,
    /// Files that are answered differently: with these bytes, or as missing. For tests.
    pub instead: HashMap<String, Option<Vec<u8>>>,
    /// Types by extension, or by path for one file, that are sent instead of the right ones, with further headers behind a line break. For tests.
    pub kinds: HashMap<String, &'static str>,
    /// Whether the folder's page is answered under its path without the last slash too, and not sent on. For tests.
    pub bare: bool,
    /// Tells open pages that the folder changed.
    pub reload: Option<Arc<Reload>>,
}

impl Site {
    /// A folder at the server's root.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), mount: "/".to_owned(), ..Self::default() }
    }

    /// Opens a port on the loopback interface; 0 takes any free one.
    ///
    /// # Errors
    /// If the port cannot be had.
    pub fn listen(port: u16) -> std::io::Result<TcpListener> {
        TcpListener::bind((Ipv4Addr::LOCALHOST, port))
    }

    /// Serves until the program ends.
    pub fn run(self, listener: &TcpListener) {
        self.run_until(listener, &AtomicBool::new(false));
    }

    /// Serves until `stop` is set and one more connection wakes the listener.
    pub fn run_until(self, listener: &TcpListener, stop: &AtomicBool) {
        let site = Arc::new(self);
        for stream in listener.incoming() {
            if stop.load(Ordering::SeqCst) {
                return;
            }
            match stream {
                Ok(stream) => {
                    let site = Arc::clone(&site);
                    // A browser that goes away in the middle is nothing to report.
                    thread::spawn(move || site.answer(stream));
                }
                Err(error) => say(&format!("a connection failed: {error}")),
            }
        }
    }

    fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let (method, target) = read_request(&stream)?;
        let head = method == "HEAD";
        if !head && method != "GET" {
            return respond(&mut stream, "405 Method Not Allowed", "text/plain", b"only GET and HEAD\n", head);
        }
        if let Some(reload) = &self.reload {
            if target == reload::EVENTS {
                return reload.answer(&mut stream);
            }
            if target == reload::SCRIPT {
                return respond(&mut stream, "200 OK", "text/javascript", reload::SCRIPT_TEXT.as_bytes(), head);
            }
        }
        match self.find(&target) {
            // Whoever sends wrong types does not forbid to guess right ones.
            Some((kind, bytes)) if !self.kinds.is_empty() => respond(&mut stream, "200 OK", kind, &bytes, head),
            Some((kind, bytes)) => {
                respond(&mut stream, "200 OK", &format!("{kind}\r\nX-Content-Type-Options: nosniff"), &bytes, head)
            }
            None => {
                respond(&mut stream, "404 Not Found", "text/plain; charset=utf-8", b"there is no such file\n", head)
            }
        }
    }

    /// The type and content of what lies at a request's target.
    fn find(&self, target: &str) -> Option<(&'static str, Vec<u8>)> {
        let path = percent_decode_str(target.split(['?', '#']).next()?).decode_utf8().ok()?;
        let mount = if self.bare && self.mount == format!("{path}/") { &*path } else { self.mount.as_str() };
        let mut inside = path.strip_prefix(mount)?.to_owned();
        if inside.is_empty() || inside.ends_with('/') {
            inside.push_str("index.html");
        }
        let extension = inside.rsplit('.').next().unwrap_or_default();
        let kind = self.kinds.get(&inside).or_else(|| self.kinds.get(extension));
        let kind = kind.copied().unwrap_or_else(|| content_type(&inside));
        if let Some(other) = self.instead.get(&inside) {
            return other.clone().map(|bytes| (kind, bytes));
        }
        // Only plain names: nothing that climbs out of the folder.
        let plain = Path::new(&inside).components().all(|part| matches!(part, Component::Normal(_)));
        let bytes = fs::read(self.folder.join(plain.then_some(&inside)?)).ok()?;
        Some((kind, if self.reload.is_some() && inside == "index.html" { reload::inject(bytes) } else { bytes }))
    }
}

/// Method and target of a request; the headers are read and not needed.
fn read_request(stream: &TcpStream) -> std::io::Result<(String, String)> {
    let mut reader = BufReader::new(std::io::Read::take(stream, MAX_HEAD));
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let mut words = first.split_whitespace();
    match (words.next(), words.next()) {
        (Some(method), Some(target)) => Ok((method.to_owned(), target.to_owned())),
        _ => Err(ErrorKind::InvalidData.into()),
    }
}

fn respond(stream: &mut TcpStream, status: &str, kind: &str, body: &[u8], head: bool) -> std::io::Result<()> {
    let length = body.len();
    let caching = if kind.contains("Cache-Control") { "" } else { "Cache-Control: no-cache\r\n" };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{caching}Connection: close\r\n\r\n"
    )?;
    if head { Ok(()) } else { stream.write_all(body) }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// `cargo xtask serve`.
///
/// # Errors
/// If the port is taken or the build fails.
pub fn serve(port: Option<u16>, open: bool, dev: bool) -> Result<()> {
    // The port first: nobody wants to wait for a build to hear that it is taken.
    let listener = match port {
        Some(port) => {
            Site::listen(port).map_err(|error| format!("port {port} cannot be used ({error}); try another"))?
        }
        None => (PORT..PORT + TRIES).find_map(|port| Site::listen(port).ok()).ok_or_else(|| {
            format!("the ports from {PORT} to {} are all taken; give one with --port", PORT + TRIES - 1)
        })?,
    };
    let port = listener.local_addr().map_err(|error| error.to_string())?.port();
    let preview = Preview::new(if dev { Speed::Dev } else { Speed::Preview })?;
    preview.build()?;
    let mut site = Site::new(preview.folder());
    let address = format!("http://127.0.0.1:{port}/");
    println!("moescope is at {address} (Ctrl-C stops it)");
    if dev {
        let reload = Arc::new(Reload::default());
        site.reload = Some(Arc::clone(&reload));
        thread::spawn(move || reload::rebuild_on_change(&reload, &preview));
    } else {
        thread::spawn(move || match preview.build_gpu() {
            Ok(()) => say("the engine with GPU is there too: reload the page to use it"),
            Err(error) => {
                say(&format!("the engine with GPU could not be built, so the page computes on the CPU: {error}"))
            }
        });
    }
    if open {
        let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
        if let Err(error) = command(opener).arg(&address).spawn() {
            say(&format!("could not open a browser with {opener}: {error}"));
        }
    }
    site.run(&listener);
    Ok(())
}

#[cfg(test)]
#[path = "serve_tests.rs"]
mod tests;
