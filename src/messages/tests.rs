//! The generator: what it writes runs (`sample`, from `tests/fixtures/messages`), what it cannot use is named with its line.

use super::generator::{Generated, MessageFile, generate};
use super::*;
use std::cell::Cell;

/// Messages that the build wrote for these tests, in two languages.
mod written {
    use super::{LANGUAGE, Number};

    include!(concat!(env!("OUT_DIR"), "/sample_messages.rs"));

    fn shown() -> usize {
        LANGUAGE.get()
    }
}

use written::sample;

thread_local! {
    /// The language that `written` shows.
    static LANGUAGE: Cell<usize> = const { Cell::new(0) };
}

#[test]
fn a_number_chooses_its_form_and_is_written_with_separators() {
    assert_eq!(sample::read(0_u64, "a/"), "Nothing was read from a/.");
    assert_eq!(sample::read(1_usize, "a/"), "One file was read from a/.");
    assert_eq!(sample::read(21_000_u32, "a/"), "21,000 files were read from a/.");
    assert_eq!(sample::read(1.5, "a/"), "1.5 files were read from a/.");
    assert_eq!(sample::size(1_u64), "It holds one byte, moescope says: “{”.");
    assert_eq!(sample::size(2_u64), "It holds 2 bytes, moescope says: “{”.");
    assert_eq!(sample::again(), "Try again. Fetch the \"file\".");
    assert_eq!(
        (Number::from(0.1_f32).to_string(), Number::from(65_504_f32).to_string()),
        ("0.1".into(), "65,504".into())
    );
}

#[test]
fn another_language_is_another_folder_and_english_stands_where_it_lacks_one() {
    assert_eq!(written::LANGUAGES, ["en", "de"]);
    LANGUAGE.set(1);
    assert_eq!(sample::read(1_u64, "a/"), "Aus a/ wurde eine Datei gelesen.");
    assert_eq!(sample::read(2_000_u64, "a/"), "Aus a/ wurden 2,000 Dateien gelesen.");
    assert_eq!(sample::order("1", "2"), "2 nach 1", "its own order of arguments");
    assert_eq!(sample::advice(), "Fetch the \"file\".");
    assert_eq!(written::lesson("switch", "what"), Some("Ein Experte für jedes Token."));
    assert_eq!(written::lesson("soft-moe", "look"), Some("Die Mischungen."));
    assert_eq!(written::lesson("switch", "look"), None, "which its method says in English");
    LANGUAGE.set(0);
    assert_eq!(written::lesson("switch", "what"), None);
    assert_eq!(written::LESSONS, [("soft-moe", "look"), ("switch", "what")]);
    assert_eq!(sample::order("1", "2"), "1 before 2");
    assert!(show("en") && !show("tlh") && shown() == 0);
}

fn of(files: &[(&str, &str)]) -> Result<Generated, String> {
    let source = |&(language, text): &(&str, &str)| MessageFile {
        language: language.to_owned(),
        room: "room".to_owned(),
        text: text.to_owned(),
    };
    generate(&files.iter().map(source).collect::<Vec<_>>())
}

#[test]
fn what_a_language_lacks_is_warned_of() {
    let generated = of(&[("en", "a = A\nb = B\n"), ("de", "a = Ah\n")]).unwrap();
    assert_eq!(generated.warnings, ["de/room.ftl lacks `b`, which is shown in en"]);
    assert!(of(&[("en", "a = A\n"), ("de", "a = Ah\n")]).unwrap().warnings.is_empty());
}

/// Files by language, where the build names the fault, and a part of what it says.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

#[test]
fn what_cannot_be_used_stops_the_build_with_its_line() {
    let cases: [Case; 17] = [
        (&[("en", "\na = { $file }\n")], "en/room.ftl:2", "does not list $file"),
        (&[("en", "# $file\na = { $file }\n")], "en/room.ftl:1", "(String) or (Number)"),
        (&[("en", "# $file (String)\na = A\n")], "en/room.ftl:2", "never says its argument $file"),
        (&[("en", "a = A\n\na = B\n")], "en/room.ftl:3", "twice"),
        (&[("en", "a = A\n    .title = B\n")], "en/room.ftl:1", "attributes"),
        (&[("en", "# $n (Number)\na = { NUMBER($n) }\n")], "en/room.ftl:2", "functions"),
        (&[("en", "a = { b }\n")], "en/room.ftl:1", "`b` does not stand"),
        (&[("en", "a = { b }\nb = { a }\n")], "en/room.ftl:2", "refers to itself"),
        (&[("en", "# $s (String)\na = { $s ->\n   *[other] A\n}\n")], "en/room.ftl:2", "only a Number"),
        (
            &[("en", "# $n (Number)\na = { $n ->\n    [few] A\n   *[other] B\n}\n")],
            "en/room.ftl:3",
            "`few` is no plural",
        ),
        (&[("en", "# $n (Number)\na = { $n ->\n    [1.5] A\n   *[other] B\n}\n")], "en/room.ftl:3", "whole numbers"),
        (&[("en", "a = A\n\nb = { $\n")], "en/room.ftl:3", "expected"),
        (&[("en", "a = A\n\nno message\n")], "en/room.ftl:3", "expected"),
        (&[("en", "a = A\n"), ("de", "\nb = B\n")], "de/room.ftl:2", "does not stand in en/room.ftl"),
        (
            &[("en", "# $n (Number)\na = { $n }\n"), ("de", "# $n (String)\na = { $n }\n")],
            "de/room.ftl:2",
            "other arguments",
        ),
        (&[("en", "a = A\n"), ("xx", "a = A\n")], "PLURALS in src/messages/generator.rs", "`xx`"),
        (&[("de", "a = A\n")], "`en`", "no folder"),
    ];
    for (files, place, part) in cases {
        let error = of(files).map(|generated| generated.code).unwrap_err();
        assert!(error.contains(place) && error.to_lowercase().contains(&part.to_lowercase()), "{files:?}: {error}");
    }
}
