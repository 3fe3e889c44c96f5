//! The shipped tokenizer against Hugging Face's `tokenizers`, and what must hold for any text and any file.

use moescope::token::{Encoded, Tokenizer, TokenizerError, documents, first_documents};
use serde::Deserialize;
use serde_json::Value;

const SHIPPED: &str = include_str!("../../../assets/models/mixtral/tokenizer.json");
const FIXTURE: &str = include_str!("../../fixtures/tokenizer.json");

#[derive(Deserialize)]
struct Case {
    text: String,
    ids: Vec<u32>,
}

fn shipped() -> Tokenizer {
    Tokenizer::from_json(SHIPPED).unwrap()
}

fn ids(encoded: &[Encoded]) -> Vec<u32> {
    encoded.iter().map(|token| token.id).collect()
}

/// Encodes, checks that ranges tile the text and that tokens spell it, and gives the tokens' numbers.
fn checked(tokenizer: &Tokenizer, text: &str) -> Vec<u32> {
    let encoded = tokenizer.encode(text);
    let mut at = 0;
    for token in &encoded {
        assert_eq!(token.start, at);
        assert_eq!(tokenizer.bytes(token.id).unwrap(), &text.as_bytes()[token.start..token.end]);
        assert!(token.end > token.start);
        at = token.end;
    }
    assert_eq!(at, text.len());
    let ids = ids(&encoded);
    assert_eq!(tokenizer.decode(&ids), text.as_bytes());
    ids
}

/// Texts that mix awkward pieces, the same on every run.
fn odd_texts() -> impl Iterator<Item = String> {
    const PIECES: [&str; 34] = [
        " ",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\t",
        "a",
        "é",
        "9",
        "١",
        ".",
        "(",
        "。",
        "　",
        "漢",
        "か",
        "<|end|>",
        "<|end|",
        "\u{200d}",
        "😀",
        "\u{301}",
        "\0",
        "\u{2028}",
        "\u{a0}",
        "the",
        "שלום",
        "e",
        "ing",
        "{",
        "}",
        "\u{7f}",
        "\u{feff}",
        "\u{fffd}",
        "\u{10ffff}",
    ];
    let mut state = 1_u64;
    let mut next = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    (0..200).map(move |length| (0..length).map(|_| PIECES[next(PIECES.len())]).collect())
}

#[test]
fn gives_the_tokens_that_hugging_face_gives() {
    let tokenizer = shipped();
    let cases: Vec<Case> = serde_json::from_str(FIXTURE).unwrap();
    assert!(cases.len() > 30);
    for case in cases {
        assert_eq!(checked(&tokenizer, &case.text), case.ids, "{:?}", case.text);
    }
}

#[test]
fn the_vocabulary_is_the_special_token_then_the_bytes_then_merges() {
    let tokenizer = shipped();
    assert_eq!(tokenizer.vocab_size(), 3328);
    assert_eq!(tokenizer.end_of_text(), 0);
    assert_eq!(tokenizer.bytes(0).unwrap(), b"<|end|>");
    for byte in 0..=u8::MAX {
        assert_eq!(tokenizer.bytes(u32::from(byte) + 1).unwrap(), [byte]);
    }
    assert_eq!(tokenizer.bytes(3328), None);
    assert_eq!(tokenizer.decode(&[3328, 98, u32::MAX]), b"a");
}

#[test]
fn tokens_are_shown_as_text_and_stray_bytes_as_numbers() {
    let tokenizer = shipped();
    assert_eq!(tokenizer.display(0), "<|end|>");
    assert_eq!(tokenizer.display(u32::from(b'a') + 1), "a");
    assert_eq!(tokenizer.display(0xE3 + 1), "\\xE3");
    assert_eq!(tokenizer.display(u32::MAX), "");
}

#[test]
fn any_text_comes_back_and_is_tiled() {
    let tokenizer = shipped();
    for text in odd_texts() {
        checked(&tokenizer, &text);
    }
    let every_character: String = ('\0'..=char::MAX).collect();
    checked(&tokenizer, &every_character);
}

#[test]
fn long_texts_without_a_break_are_encoded() {
    let tokenizer = shipped();
    for piece in ["a", "etaoinshrdlu", "の", " ", "-", "\n", "😀", "\0", "7"] {
        checked(&tokenizer, &piece.repeat(200_000 / piece.chars().count()));
    }
}

#[test]
fn the_file_is_written_as_it_was_read() {
    let tokenizer = shipped();
    assert_eq!(tokenizer.to_json(), SHIPPED);
    let old_style = edited(|file| {
        for merge in file["model"]["merges"].as_array_mut().unwrap() {
            *merge = format!("{} {}", merge[0].as_str().unwrap(), merge[1].as_str().unwrap()).into();
        }
    });
    assert_eq!(Tokenizer::from_json(&old_style).unwrap().to_json(), SHIPPED);
}

#[test]
fn truncated_files_are_refused() {
    for end in (0..SHIPPED.len()).step_by(2003).filter(|&end| SHIPPED.is_char_boundary(end)) {
        let error = Tokenizer::from_json(&SHIPPED[..end]).unwrap_err();
        assert!(matches!(error, TokenizerError::Json(_)), "{end}: {error}");
    }
}

/// The shipped file after a change.
fn edited(change: impl FnOnce(&mut Value)) -> String {
    let mut file = serde_json::from_str(SHIPPED).unwrap();
    change(&mut file);
    file.to_string()
}

#[test]
fn damaged_files_are_refused_with_a_reason() {
    type Change = fn(&mut Value);
    let damages: [(&str, Change); 19] = [
        ("invalid type", |file| file["model"]["vocab"] = 7.into()),
        ("invalid type", |file| file["added_tokens"][0]["id"] = "zero".into()),
        ("invalid value", |file| file["model"]["vocab"]["the"] = (-1).into()),
        ("missing field `merges`", |file| drop(file["model"].as_object_mut().unwrap().remove("merges"))),
        ("did not match", |file| file["model"]["merges"][3] = 4.into()),
        ("a normalizer (NFC)", |file| file["normalizer"] = serde_json::json!({"type": "NFC"})),
        ("Unigram", |file| file["model"]["type"] = "Unigram".into()),
        ("another rule", |file| file["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = "\\w+".into()),
        ("ignore_merges", |file| file["model"]["ignore_merges"] = true.into()),
        ("dropout", |file| file["model"]["dropout"] = 0.1.into()),
        ("are both 98", |file| file["model"]["vocab"]["the"] = 98.into()),
        ("there are 3,328 tokens", |file| file["model"]["vocab"]["the"] = 9999.into()),
        ("<|end|> is missing", |file| drop(rename(file, "<|end|>", "<|eot|>"))),
        ("the byte 97", |file| drop(rename(file, "a", "aaaa"))),
        ("stands for no byte", |file| drop(rename(file, "the", "犬"))),
        ("not the one special token", |file| file["added_tokens"][0]["special"] = false.into()),
        ("there is no token \"犬\"", |file| file["model"]["merges"][5][0] = "犬".into()),
        ("there is no token \"zq\"", |file| file["model"]["merges"][5] = serde_json::json!(["z", "q"])),
        ("merged by an earlier one", |file| file["model"]["merges"][5] = file["model"]["merges"][4].clone()),
    ];
    for (reason, damage) in damages {
        let error = Tokenizer::from_json(&edited(damage)).unwrap_err().to_string();
        assert!(error.contains(reason), "{error:?} does not say {reason:?}");
    }
    for text in ["", "null", "[]", "{}", "\0", "{\"version\":\"1.0\"}"] {
        assert!(matches!(Tokenizer::from_json(text), Err(TokenizerError::Json(_))), "{text:?}");
    }
}

/// Gives a token of the vocabulary another spelling.
fn rename(file: &mut Value, from: &str, to: &str) -> Option<Value> {
    let vocab = file["model"]["vocab"].as_object_mut().unwrap();
    let id = vocab.remove(from).unwrap();
    vocab.insert(to.to_owned(), id)
}

#[test]
fn training_joins_the_most_frequent_pairs_in_order() {
    // Pairs: "ab" 6 times; then "abc" 4 times; " d" 3 times; nothing else twice but "abc d"'s parts, which never meet.
    let texts = ["abc", "abc d", "abc d", "abc d", "ab", "ab"];
    let tokenizer = Tokenizer::train(&texts, 260, |_, _| ()).unwrap();
    let learned: Vec<&[u8]> = (257..260).map(|id| tokenizer.bytes(id).unwrap()).collect();
    assert_eq!(learned, [b"ab".as_slice(), b"abc", b" d"]);
    assert_eq!(checked(&tokenizer, "abc d"), [258, 259]);
    let error = Tokenizer::train(&texts, 261, |_, _| ()).unwrap_err();
    assert!(error.to_string().contains("for 260 tokens only, not 261"), "{error}");
}

#[test]
fn training_is_deterministic_and_its_file_reads_back() {
    let texts: Vec<String> = odd_texts().collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut told = Vec::new();
    let tokenizer = Tokenizer::train(&texts, 300, |done, total| told.push((done, total))).unwrap();
    assert_eq!(told.first(), Some(&(0, 43)));
    assert_eq!(told.last(), Some(&(43, 43)));
    let json = tokenizer.to_json();
    assert_eq!(Tokenizer::train(&texts, 300, |_, _| ()).unwrap().to_json(), json);
    let read = Tokenizer::from_json(&json).unwrap();
    for text in texts {
        assert_eq!(checked(&read, text), checked(&tokenizer, text));
    }
}

#[test]
fn training_refuses_sizes_that_cannot_be() {
    for size in [0, 256, usize::MAX] {
        assert!(matches!(Tokenizer::train(&["text"], size, |_, _| ()), Err(TokenizerError::Training(_))));
    }
    assert_eq!(Tokenizer::train(&[], 257, |_, _| ()).unwrap().vocab_size(), 257);
}

#[test]
fn documents_stand_between_separator_lines() {
    let split = |text: &'static str| documents(text).collect::<Vec<_>>();
    assert_eq!(split("a\nb\n<|end|>\nc\n<|end|>\n"), ["a\nb", "c"]);
    assert_eq!(split("a\n\n<|end|>\n\nb"), ["a\n", "\nb"]);
    assert_eq!(split("<|end|>\n<|end|>\na\n<|end|>"), ["a"]);
    assert_eq!(split("a <|end|>\n<|end|> b\n<|end|>\nc"), ["a <|end|>\n<|end|> b", "c"]);
    assert_eq!(split(""), [""; 0]);
    assert_eq!(split("a\n"), ["a\n"]);
    assert_eq!(first_documents("ab\n<|end|>\ncd\n<|end|>\ne", 4).collect::<Vec<_>>(), ["ab", "cd"]);
    assert_eq!(first_documents("ab\n<|end|>\ncde\n<|end|>\nf", 4).collect::<Vec<_>>(), ["ab"]);
}
