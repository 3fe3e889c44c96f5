//! WebDriver: commands as JSON over HTTP to a chromedriver on this machine.

use crate::Result;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

/// How long a command may take; loading and compiling the engine takes the longest.
const LIMIT: Duration = Duration::from_secs(300);
/// The name under which WebDriver hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser session.
#[derive(Debug)]
pub struct Session {
    port: u16,
    id: String,
}

impl Session {
    /// Opens a browser.
    pub fn open(port: u16, capabilities: &Value) -> Result<Self> {
        let wanted = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let answer = command(port, "POST", "/session", &wanted)?;
        let id = answer["sessionId"].as_str().ok_or_else(|| format!("no session: {answer}"))?.to_owned();
        Ok(Self { port, id })
    }

    /// Sends a command of this session.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value> {
        command(self.port, "POST", &format!("/session/{}{path}", self.id), body)
    }

    /// Asks for something of this session.
    pub fn get(&self, path: &str) -> Result<Value> {
        command(self.port, "GET", &format!("/session/{}{path}", self.id), &Value::Null)
    }

    /// Closes the browser.
    pub fn close(&self) -> Result<()> {
        command(self.port, "DELETE", &format!("/session/{}", self.id), &Value::Null).map(drop)
    }

    /// The body of a function, run in the page; promises are awaited.
    pub fn script(&self, body: &str, args: &[Value]) -> Result<Value> {
        self.post("/execute/sync", &json!({ "script": body, "args": args }))
    }

    /// A command of Chromium's own protocol.
    pub fn devtools(&self, name: &str, params: &Value) -> Result<Value> {
        self.post("/goog/cdp/execute", &json!({ "cmd": name, "params": params }))
    }

    /// The path of the element that a CSS selector finds.
    pub fn element(&self, css: &str) -> Result<String> {
        let found = self.post("/element", &json!({ "using": "css selector", "value": css }))?;
        let id = found[ELEMENT].as_str().ok_or_else(|| format!("there is no {css}"))?;
        Ok(format!("/element/{id}"))
    }
}

fn command(port: u16, method: &str, path: &str, body: &Value) -> Result<Value> {
    let failed = |error: std::io::Error| format!("chromedriver did not answer {method} {path}: {error}");
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(failed)?;
    stream.set_read_timeout(Some(LIMIT)).map_err(failed)?;
    let body = if method == "POST" { body.to_string() } else { String::new() };
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json; charset=utf-8\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .map_err(failed)?;
    let json = read_body(stream).map_err(failed)?;
    let mut answer: Value =
        serde_json::from_str(&json).map_err(|error| format!("{method} {path} was answered with {json:?}: {error}"))?;
    let value = answer["value"].take();
    match value["error"].as_str() {
        Some(error) => Err(format!("{method} {path}: {error}: {}", value["message"].as_str().unwrap_or_default())),
        None => Ok(value),
    }
}

/// The body of an answer; chromedriver keeps the connection open after it.
fn read_body(stream: TcpStream) -> std::io::Result<String> {
    let mut reader = BufReader::new(stream);
    let (mut header, mut length) = (String::new(), 0);
    while reader.read_line(&mut header)? > 2 {
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().map_err(|_| ErrorKind::InvalidData)?;
        }
        header.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    String::from_utf8(body).map_err(|_| ErrorKind::InvalidData.into())
}
