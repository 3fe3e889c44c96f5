//! Tables as files that spreadsheets read as they are meant (RFC 4180): with a byte-order mark, without which Excel takes
//! UTF-8 for something else, and without a cell that a spreadsheet would run as a formula.

/// What such a file begins with.
pub const MARK: &str = "\u{feff}";

/// One line, with its end.
pub fn line<C: AsRef<str>>(cells: impl IntoIterator<Item = C>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|words| cell(words.as_ref())).collect();
    format!("{}\r\n", cells.join(","))
}

/// What a formula begins with in a spreadsheet, in the wide forms of East Asian scripts too.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A cell: what is no number and would be run has an apostrophe in front ([`inert`]); what holds a comma, a quote, a line
/// break or white space at an end stands in quotes.
pub fn cell(words: &str) -> String {
    let number = words.parse::<f64>().is_ok_and(f64::is_finite);
    let words = if number { words.to_owned() } else { inert(words) };
    let plain = !words.contains([',', '"', '\r', '\n']) && words.trim() == words;
    if plain { words } else { format!("\"{}\"", words.replace('"', "\"\"")) }
}

/// Text that no spreadsheet runs (OWASP, "CSV injection"): before what begins a formula comes an apostrophe, also behind white
/// space and behind what another reader may take for the border of a cell.
fn inert(words: &str) -> String {
    let (mut out, mut begins) = (String::with_capacity(words.len() + 1), true);
    if words.starts_with(['\t', '\r']) {
        out.push('\'');
    }
    for c in words.chars() {
        if begins && FORMULA.contains(&c) {
            out.push('\'');
        }
        begins = matches!(c, ',' | ';' | '|' | '"' | '\t' | '\r' | '\n') || (begins && c.is_whitespace());
        out.push(c);
    }
    out
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
            (" =1", "\" '=1\""),
            ("a;=1", "a;'=1"),
            ("＝1", "'＝1"),
            ("-inf", "'-inf"),
            ("a=1", "a=1"),
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
