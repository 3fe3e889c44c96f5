//! JSON for people: an object's entries on lines of their own, lists in one line, and no digits beyond what was measured.

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use std::io::{Result, Write};

/// Writes a value so.
///
/// # Errors
/// If it has something that JSON has not.
pub fn to_json(value: &impl Serialize) -> std::result::Result<String, serde_json::Error> {
    let mut out = Vec::new();
    let tidy = Tidy { lines: PrettyFormatter::new(), lists: 0 };
    value.serialize(&mut Serializer::with_formatter(&mut out, tidy))?;
    Ok(String::from_utf8_lossy(&out).into_owned() + "\n")
}

struct Tidy {
    lines: PrettyFormatter<'static>,
    /// How many lists are open.
    lists: usize,
}

impl Formatter for Tidy {
    fn write_f64<W: ?Sized + Write>(&mut self, out: &mut W, value: f64) -> Result<()> {
        match value.fract() == 0.0 && value.abs() < 1e15 {
            true => write!(out, "{value:.1}"),
            false => write!(out, "{}", value as f32),
        }
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.lists += 1;
        out.write_all(b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.lists -= 1;
        // The object around it has a value now, and ends on a line of its own.
        self.lines.end_object_value(out)?;
        out.write_all(b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> Result<()> {
        out.write_all(if first { b"" } else { b", " })
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> Result<()> {
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        match self.lists {
            0 => self.lines.begin_object(out),
            _ => out.write_all(b"{"),
        }
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        match self.lists {
            0 => self.lines.end_object(out),
            _ => out.write_all(b"}"),
        }
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> Result<()> {
        match self.lists {
            0 => self.lines.begin_object_key(out, first),
            _ => out.write_all(if first { b"" } else { b", " }),
        }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.lines.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.lines.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use super::to_json;
    use serde_json::{Value, json};

    #[test]
    fn lists_stay_in_a_line_and_nothing_is_lost() {
        let value = json!({ "name": "switch", "none": {}, "load": [[0.125, 1.0], []], "rows": [{ "a": 1, "b": [2] }], "deep": { "mean": 1.0 / 3.0 } });
        let text = to_json(&value).unwrap();
        assert!(text.contains("  \"load\": [[0.125, 1.0], []]"), "{text}");
        assert!(text.contains("    \"mean\": 0.33333334\n  }"), "{text}");
        let back: Value = serde_json::from_str(&text).unwrap();
        for key in ["name", "none", "load", "rows"] {
            assert_eq!(back[key], value[key], "{text}");
        }
    }

    #[test]
    fn large_whole_numbers_keep_every_digit() {
        assert_eq!(to_json(&123_456_789.0).unwrap(), "123456789.0\n");
    }
}
