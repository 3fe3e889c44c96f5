//! Tables as files that spreadsheets read as they are meant (RFC 4180): with a byte-order mark, without which Excel takes
//! UTF-8 for something else, and without a cell that a spreadsheet would run as a formula.

/// What such a file begins with.
pub const MARK: &str = "\u{feff}";

/// One line, with its end.
pub fn line<C: AsRef<str>>(cells: impl IntoIterator<Item = C>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|words| cell(words.as_ref())).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell: what is no number and begins as a formula does has an apostrophe in front; what holds a comma, a quote, a line
/// break or white space at an end stands in quotes.
pub fn cell(words: &str) -> String {
    let formula = words.starts_with(['=', '+', '-', '@', '\t', '\r']) && words.parse::<f64>().is_err();
    let words = if formula { format!("'{words}") } else { words.to_owned() };
    let plain = !words.contains([',', '"', '\r', '\n']) && words.trim() == words;
    if plain { words } else { format!("\"{}\"", words.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use super::{cell, line};

    #[test]
    fn nothing_in_a_cell_is_run_or_breaks_it() {
        for (words, written) in [
            ("plain", "plain"),
            ("-0.5", "-0.5"),
            ("+1e3", "+1e3"),
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-cmd", "'-cmd"),
            ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
            ("\tx", "'\tx"),
            (" a", "\" a\""),
            ("a,b", "\"a,b\""),
            ("two\nlines", "\"two\nlines\""),
            ("", ""),
        ] {
            assert_eq!(cell(words), written);
        }
        assert_eq!(line(["1,024", "", "E3"]), "\"1,024\",,E3\r\n");
    }
}
