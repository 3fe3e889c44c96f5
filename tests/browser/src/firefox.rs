//! A Firefox with a fresh profile, steered over WebDriver BiDi: JSON over a WebSocket that Firefox itself opens, so that no
//! driver is needed, which Debian does not have.

use crate::{Result, Steered};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, thread};
use tungstenite::{Message, WebSocket};

/// How long a command may take; loading and compiling the engine takes the longest.
const LIMIT: Duration = Duration::from_secs(300);
/// How long Firefox may take to close.
const CLOSING: Duration = Duration::from_secs(10);
/// What Firefox says before the address at which it listens.
const LISTENS: &str = "WebDriver BiDi listening on ws://127.0.0.1:";

/// A running Firefox; it ends with this value.
#[derive(Debug)]
pub struct Firefox {
    connection: RefCell<Connection>,
    context: String,
    profile: PathBuf,
    process: Child,
}

/// The WebSocket.
#[derive(Debug)]
struct Connection {
    socket: WebSocket<TcpStream>,
    /// The number of the last command.
    sent: u64,
    /// Errors of the console that nobody asked for yet.
    errors: Vec<String>,
}

impl Firefox {
    /// Starts `$FIREFOX`, otherwise Debian's `firefox-esr`.
    ///
    /// # Errors
    /// If there is none: `cargo xtask test --full` installs it.
    pub fn start() -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let profile = env::temp_dir().join(format!("moescope-firefox-{}-{number}", std::process::id()));
        fs::create_dir_all(&profile).map_err(|error| format!("{}: {error}", profile.display()))?;
        let program = env::var_os("FIREFOX").unwrap_or_else(|| "firefox-esr".into());
        let mut process = Command::new(&program)
            .args(["--headless", "--no-remote", "--remote-debugging-port", "0", "--profile"])
            .arg(&profile)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| {
                format!("could not start {}: {error}; `cargo xtask test --full` installs it", program.display())
            })?;
        match port(&mut process).and_then(connect) {
            Ok((connection, context)) => Ok(Self { connection: RefCell::new(connection), context, profile, process }),
            Err(error) => {
                let _ = process.kill();
                let _ = process.wait();
                let _ = fs::remove_dir_all(&profile);
                Err(error)
            }
        }
    }

    /// A command on the window.
    fn command(&self, method: &str, mut params: Value) -> Result<Value> {
        params["context"] = json!(self.context);
        self.connection.borrow_mut().command(method, &params)
    }
}

/// The port on which it listens, as it says.
fn port(process: &mut Child) -> Result<u16> {
    let said =
        process.stderr.take().map(BufReader::new).into_iter().flat_map(BufRead::lines).map_while(|line| line.ok());
    let mut said = said.filter_map(|line| line.split(LISTENS).nth(1)?.trim().parse().ok());
    let port = said.next().ok_or("Firefox ended without saying on which port it listens")?;
    // Its later words would fill the pipe.
    thread::spawn(move || said.count());
    Ok(port)
}

/// The connection, and the name of the window.
fn connect(port: u16) -> Result<(Connection, String)> {
    let failed = |error: String| format!("could not connect to Firefox on port {port}: {error}");
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(|error| failed(error.to_string()))?;
    stream.set_read_timeout(Some(LIMIT)).map_err(|error| failed(error.to_string()))?;
    let (socket, _) = tungstenite::client(format!("ws://127.0.0.1:{port}/session"), stream)
        .map_err(|error| failed(error.to_string()))?;
    let mut connection = Connection { socket, sent: 0, errors: Vec::new() };
    connection.command("session.new", &json!({ "capabilities": {} }))?;
    connection.command("session.subscribe", &json!({ "events": ["log.entryAdded"] }))?;
    let tree = connection.command("browsingContext.getTree", &json!({}))?;
    let context = tree["contexts"][0]["context"].as_str().ok_or("Firefox has no window")?.to_owned();
    Ok((connection, context))
}

impl Connection {
    /// Sends a command and waits for its answer; what the console gets meanwhile is kept.
    fn command(&mut self, method: &str, params: &Value) -> Result<Value> {
        let failed = |error: tungstenite::Error| format!("Firefox did not answer {method}: {error}");
        self.sent += 1;
        let command = json!({ "id": self.sent, "method": method, "params": params });
        self.socket.send(Message::text(command.to_string())).map_err(failed)?;
        loop {
            let Message::Text(json) = self.socket.read().map_err(failed)? else { continue };
            let mut said: Value = serde_json::from_str(&json).map_err(|error| format!("{method}: {error}"))?;
            if said["method"] == "log.entryAdded" && said["params"]["level"] == "error" {
                self.errors.push(said["params"]["text"].as_str().unwrap_or_default().to_owned());
            }
            if said["id"] == self.sent {
                return match said["error"].as_str() {
                    Some(error) => Err(format!("{method}: {error}: {}", said["message"])),
                    None => Ok(said["result"].take()),
                };
            }
        }
    }
}

impl Steered for Firefox {
    fn open(&self, url: &str) -> Result<()> {
        self.command("browsingContext.navigate", json!({ "url": url, "wait": "complete" })).map(drop)
    }

    fn script(&self, body: &str, args: &[Value]) -> Result<Value> {
        // BiDi writes values in a form of its own; in JSON they are the same as in other browsers.
        let function = format!(
            "async (args) => JSON.stringify((await (function () {{ {body} }}).apply(null, JSON.parse(args))) ?? null)"
        );
        let said = self.connection.borrow_mut().command(
            "script.callFunction",
            &json!({
                "functionDeclaration": function, "awaitPromise": true, "target": { "context": self.context },
                "arguments": [{ "type": "string", "value": json!(args).to_string() }],
            }),
        )?;
        let json = said["result"]["value"].as_str().ok_or_else(|| said["exceptionDetails"]["text"].to_string())?;
        serde_json::from_str(json).map_err(|error| format!("{json}: {error}"))
    }

    fn insert(&self, text: &str) -> Result<()> {
        self.script("document.execCommand('insertText', false, arguments[0])", &[json!(text)]).map(drop)
    }

    fn act(&self, source: Value) -> Result<()> {
        self.command("input.performActions", json!({ "actions": [source] })).map(drop)
    }

    fn zoom(&self, (width, height): (u32, u32), zoom: f32) -> Result<()> {
        let viewport = json!({ "width": width, "height": height });
        self.command("browsingContext.setViewport", json!({ "viewport": viewport, "devicePixelRatio": zoom })).map(drop)
    }

    fn errors(&self) -> Result<Vec<String>> {
        // An answer comes after all that was said before it.
        self.script("", &[])?;
        Ok(std::mem::take(&mut self.connection.borrow_mut().errors))
    }
}

impl Drop for Firefox {
    fn drop(&mut self) {
        let _ = self.connection.borrow_mut().command("browser.close", &json!({}));
        let end = Instant::now() + CLOSING;
        while matches!(self.process.try_wait(), Ok(None)) && Instant::now() < end {
            thread::sleep(Duration::from_millis(50));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}
