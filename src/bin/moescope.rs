//! The native command; see [`moescope::cli`].

fn main() -> std::process::ExitCode {
    moescope::cli::main()
}
