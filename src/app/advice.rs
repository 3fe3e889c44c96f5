//! What to do about a fault of the model's files. The engine and the command line say it alike, but in a page another try,
//! which is one press away, comes first.

/// The advice of the engine, and the same after another try.
const ADVICE: [(&str, &str); 3] = [
    ("Fetch it again", "fetch it again"),
    ("Fetch the file again", "fetch the file again"),
    ("fetch or write the file again", "fetch or write the file again"),
];
/// What comes first.
const TRY: &str = "Try again; if that does not help,";

/// A fault of the model's files, and what to do about it; `again` if another try may help.
pub fn advised(message: &str, again: bool) -> String {
    let message = message.trim_end_matches(['.', ' ']);
    if !again {
        return format!("{message}.");
    }
    let known = ADVICE.iter().find_map(|(old, new)| Some((message.strip_suffix(old)?, new)));
    match known {
        Some((what, advice)) => format!("{}. {TRY} {advice}.", what.trim_end_matches(['.', ':', ' '])),
        None if message.contains("again") => format!("{message}."),
        None => format!("{message}. {TRY} fetch the folder again, or load another model."),
    }
}

#[cfg(test)]
mod tests {
    use super::advised;

    #[test]
    fn another_try_is_the_first_advice() {
        let words = advised("tokenizer.json cannot be read (it ends early): fetch or write the file again", true);
        let first = "tokenizer.json cannot be read (it ends early). Try again; if that does not help, ";
        assert_eq!(words, format!("{first}fetch or write the file again."));
        let words = advised("model.safetensors is not whole. Fetch the file again.", true);
        assert_eq!(words, "model.safetensors is not whole. Try again; if that does not help, fetch the file again.");
        assert_eq!(advised("The server answered 404. Try again.", true), "The server answered 404. Try again.");
    }

    #[test]
    fn what_lasts_is_not_tried_again() {
        let words = "config.json: `rope_scaling` is 2; only plain rotary positions can be computed here";
        assert_eq!(advised(words, false), format!("{words}."));
    }
}
