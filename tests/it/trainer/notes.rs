//! What the page warns of, the terminal warns of.

use std::process::Command;

#[test]
fn a_gate_that_cannot_learn_is_told_of_in_the_terminal() {
    let said = |k: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_moescope"));
        command.args(["train", "--preset", "collapse", "--steps", "1"]);
        for setting in ["method=mixtral", k, "width=16", "inner=16", "batch=2", "len=32", "experts=4"] {
            command.args(["--set", setting]);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let warning = "Note: With one choice a token its weight is always the same";
    assert!(said("k=1").contains(warning), "{}", said("k=1"));
    assert!(!said("k=2").contains(warning));
}
