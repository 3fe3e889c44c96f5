//! The parts of a tokenizer.json that say how texts are cut and what is added: as they are here, and whether others do the same.

use super::split;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The pieces: cut by a regular expression, then spelled in the byte alphabet.
#[derive(Serialize, Deserialize, PartialEq)]
pub(super) struct PreTokenizer {
    #[serde(rename = "type")]
    kind: String,
    pretokenizers: (Split, ByteLevel),
}

#[derive(Serialize, Deserialize, PartialEq)]
struct Split {
    #[serde(rename = "type")]
    kind: String,
    pattern: Pattern,
    behavior: String,
    invert: bool,
}

#[derive(Serialize, Deserialize, PartialEq)]
struct Pattern {
    #[serde(rename = "Regex")]
    regex: String,
}

#[derive(Serialize, Deserialize, PartialEq)]
pub(super) struct ByteLevel {
    #[serde(rename = "type")]
    pub(super) kind: String,
    add_prefix_space: bool,
    trim_offsets: bool,
    use_regex: bool,
}

pub(super) fn byte_level() -> ByteLevel {
    ByteLevel { kind: "ByteLevel".to_owned(), add_prefix_space: false, trim_offsets: false, use_regex: false }
}

pub(super) fn pre_tokenizer() -> PreTokenizer {
    let split = Split {
        kind: "Split".to_owned(),
        pattern: Pattern { regex: split::pattern() },
        behavior: "Isolated".to_owned(),
        invert: false,
    };
    PreTokenizer { kind: "Sequence".to_owned(), pretokenizers: (split, byte_level()) }
}

/// Whether what comes after the tokens leaves them as they are: nothing, offsets that are trimmed, or a template that is the
/// text alone, as transformers 5 writes it for a tokenizer without such tokens.
pub(super) fn adds_nothing(post_processor: &Value) -> bool {
    let alone = |template: &Value| {
        let text = template.as_array().and_then(|parts| <&[Value; 1]>::try_from(parts.as_slice()).ok());
        text.is_some_and(|[part]| part.pointer("/Sequence/id") == Some(&json!("A")))
    };
    match post_processor.get("type").and_then(Value::as_str) {
        None => post_processor.is_null(), // what names no kind is not understood
        Some("ByteLevel") => true,
        Some("TemplateProcessing") => post_processor.get("single").is_some_and(alone),
        Some(_) => false,
    }
}

/// Whether texts are cut into the same pieces.
pub(super) fn cuts_as_here(pieces: &Value) -> bool {
    PreTokenizer::deserialize(pieces).is_ok_and(|pieces| pieces == pre_tokenizer())
}

#[cfg(test)]
mod tests {
    use super::adds_nothing;
    use serde_json::json;

    #[test]
    fn what_comes_after_the_tokens_may_add_none() {
        let template = |single| json!({ "type": "TemplateProcessing", "single": single, "special_tokens": {} });
        let (text, begin) =
            (json!({"Sequence": {"id": "A", "type_id": 0}}), json!({"SpecialToken": {"id": "<s>", "type_id": 0}}));
        assert!(adds_nothing(&json!(null)) && adds_nothing(&template(json!([text]))));
        assert!(adds_nothing(&json!({ "type": "ByteLevel", "trim_offsets": false })));
        for single in [json!([begin, text]), json!([text, begin]), json!([]), json!([begin])] {
            assert!(!adds_nothing(&template(single.clone())), "{single}");
        }
        for other in
            [json!({ "type": "BertProcessing" }), json!({ "type": "TemplateProcessing" }), json!("x"), json!({})]
        {
            assert!(!adds_nothing(&other), "{other}");
        }
    }
}
