//! Tokenizers of other kinds: a whole tokenizer.json that asks for other tokens than [`super::Tokenizer`] makes is called what
//! it is, because fetching it again would bring the same.

use super::END_OF_TEXT;
use super::parts::{adds_nothing, cuts_as_here};
use crate::messages::token;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt;

/// A tokenizer of another kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherTokenizer {
    kind: Kind,
    asks: Vec<Ask>,
}

/// How a tokenizer makes tokens, `model` in its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    /// Byte-pair encoding of bytes, as here.
    ByteLevelBpe,
    /// Byte-pair encoding of characters, as SentencePiece does it.
    CharacterBpe,
    /// The likeliest pieces, as SentencePiece finds them.
    Unigram,
    /// BERT's.
    WordPiece,
    /// Whole words.
    WordLevel,
    /// One that is not known by that name.
    Named(String),
}

/// What else a tokenizer asks for that is not done here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Ask {
    /// Another layout of the file.
    Version,
    /// Texts that are changed first; by what.
    Normalizer(String),
    /// Pieces that are cut by the rule of GPT-2.
    Gpt2Pieces,
    /// Pieces that are cut by another rule, or none; by what.
    Pieces(String),
    /// A space before the text.
    PrefixSpace,
    /// Tokens around the text; by what.
    PostProcessor(String),
    /// Another way from tokens to text; which.
    Decoder(String),
    /// A field of `model` that changes the tokens.
    Field(String),
    /// Tokens of its own beside those of the vocabulary, other than the one between documents.
    AddedTokens,
}

/// The kind of a tokenizer.json that is whole, if it is another than is read here.
pub(super) fn other(file: &Value) -> Option<OtherTokenizer> {
    let vocab = file.pointer("/model/vocab")?;
    let (true, Some(kind)) = (vocab.is_object() || vocab.is_array(), kind(file)) else { return None };
    let mut asks = asks(file);
    match kind {
        Kind::ByteLevelBpe if asks.is_empty() => return None,
        Kind::ByteLevelBpe => {}
        // What else another kind asks for goes without saying, but for what tells its families apart.
        _ => asks.retain(|ask| match ask {
            Ask::Normalizer(_) => true,
            Ask::Pieces(names) => names != NOTHING,
            Ask::Field(name) => name == "byte_fallback",
            _ => false,
        }),
    }
    Some(OtherTokenizer { kind, asks })
}

/// What is said to do a step that is left out.
const NOTHING: &str = "nothing";

fn kind(file: &Value) -> Option<Kind> {
    let model = file.get("model")?;
    Some(match model.get("type").and_then(Value::as_str) {
        Some("Unigram") => Kind::Unigram,
        Some("WordPiece") => Kind::WordPiece,
        Some("WordLevel") => Kind::WordLevel,
        // Older files do not name it.
        Some("BPE") | None if model.get("merges").is_some() => {
            let parts = ["pre_tokenizer", "decoder"].map(|part| names(file.get(part)));
            let bytes = parts.iter().any(|names| names.split(", ").any(|name| name == "ByteLevel"));
            if bytes { Kind::ByteLevelBpe } else { Kind::CharacterBpe }
        }
        Some("BPE") | None => return None,
        Some(name) => Kind::Named(name.to_owned()),
    })
}

/// The types of a part of the file, those in a sequence one after another.
fn names(part: Option<&Value>) -> String {
    let Some(part) = part.filter(|part| !part.is_null()) else { return NOTHING.to_owned() };
    let inner = ["pretokenizers", "normalizers", "processors", "decoders"].iter().find_map(|list| part.get(list));
    match inner.and_then(Value::as_array) {
        Some(parts) => parts.iter().map(|part| names(Some(part))).collect::<Vec<_>>().join(", "),
        None => part.get("type").and_then(Value::as_str).unwrap_or("?").to_owned(),
    }
}

fn asks(file: &Value) -> Vec<Ask> {
    let null = Value::Null;
    let part = |name: &str| file.get(name).unwrap_or(&null);
    let mut asks = Vec::new();
    if *part("version") != json!("1.0") {
        asks.push(Ask::Version);
    }
    if !part("normalizer").is_null() {
        asks.push(Ask::Normalizer(names(file.get("normalizer"))));
    }
    let pieces = part("pre_tokenizer");
    if !cuts_as_here(pieces) {
        let says = |name: &str| pieces.get(name).and_then(Value::as_bool);
        match names(Some(pieces)) {
            // Without its own expression ByteLevel cuts nothing.
            only if only == "ByteLevel" && says("use_regex") != Some(false) => asks.push(Ask::Gpt2Pieces),
            names => asks.push(Ask::Pieces(names)),
        }
        let parts =
            pieces.get("pretokenizers").and_then(Value::as_array).map_or(std::slice::from_ref(pieces), |all| all);
        if parts.iter().any(|part| part.get("add_prefix_space") == Some(&json!(true))) {
            asks.push(Ask::PrefixSpace);
        }
    }
    if !adds_nothing(part("post_processor")) {
        asks.push(Ask::PostProcessor(names(file.get("post_processor"))));
    }
    if part("decoder").get("type") != Some(&json!("ByteLevel")) {
        asks.push(Ask::Decoder(names(file.get("decoder"))));
    }
    let added = part("added_tokens").as_array().map_or(&[][..], Vec::as_slice);
    if !matches!(added, [one] if one.get("content") == Some(&json!(END_OF_TEXT))) {
        asks.push(Ask::AddedTokens);
    }
    let set = |name: &&str| !matches!(&part("model")[*name], Value::Null | Value::Bool(false));
    let text = |name: &&str| part("model")[*name] != json!("");
    let fields = ["dropout", "unk_token", "byte_fallback", "ignore_merges"].into_iter().filter(set);
    let ends = ["continuing_subword_prefix", "end_of_word_suffix"].into_iter().filter(set).filter(text);
    asks.extend(fields.chain(ends).map(|name| Ask::Field(name.to_owned())));
    asks
}

impl fmt::Display for OtherTokenizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.kind {
            Kind::ByteLevelBpe => token::byte_level_bpe().to_owned(),
            Kind::CharacterBpe => token::character_bpe().to_owned(),
            Kind::Unigram => token::unigram().to_owned(),
            Kind::WordPiece => token::word_piece().to_owned(),
            Kind::WordLevel => token::word_level().to_owned(),
            Kind::Named(name) => token::named(name),
        };
        let asks: Vec<String> = self.asks.iter().map(Ask::said).collect();
        f.write_str(&match asks.is_empty() {
            true => token::other(kind),
            false => token::other_asking(kind, asks.join(", ")),
        })
    }
}

impl Ask {
    fn said(&self) -> String {
        match self {
            Self::Version => token::ask_version().to_owned(),
            Self::Normalizer(names) => token::ask_normalizer(names),
            Self::Gpt2Pieces => token::ask_gpt2_pieces().to_owned(),
            Self::Pieces(names) => token::ask_pieces(names),
            Self::PrefixSpace => token::ask_prefix_space().to_owned(),
            Self::PostProcessor(names) => token::ask_post_processor(names),
            Self::Decoder(names) => token::ask_decoder(names),
            Self::Field(name) => token::ask_field(name),
            Self::AddedTokens => token::ask_added_tokens(END_OF_TEXT),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::token::{Tokenizer, TokenizerError};
    use serde_json::{Value, json};

    /// A file with the parts that differ, otherwise as `tokenizers` 0.22 writes it.
    fn file(parts: Value, model: Value) -> String {
        let mut file = json!({ "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
            "normalizer": null, "pre_tokenizer": null, "post_processor": null, "decoder": null, "model": model });
        for (name, part) in parts.as_object().unwrap() {
            file[name] = part.clone();
        }
        file.to_string()
    }

    fn bpe(more: Value) -> Value {
        let mut model = json!({ "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
            "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
            "vocab": { "a": 0, "b": 1, "ab": 2 }, "merges": [["a", "b"]] });
        for (name, field) in more.as_object().unwrap() {
            model[name] = field.clone();
        }
        model
    }

    fn byte_level(prefix: bool) -> Value {
        json!({ "type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": true, "use_regex": true })
    }

    /// Models that are known by their tokenizers: each file in its smallest form.
    #[test]
    fn a_whole_tokenizer_of_another_kind_is_called_what_it_is() {
        let sentence_piece = json!({
            "normalizer": { "type": "Sequence", "normalizers": [
                { "type": "Prepend", "prepend": "▁" },
                { "type": "Replace", "pattern": { "String": " " }, "content": "▁" } ] },
            "decoder": { "type": "Sequence", "decoders": [{ "type": "ByteFallback" }, { "type": "Fuse" }] } });
        let split = json!({ "type": "Split", "pattern": { "Regex": "\\w+" }, "behavior": "Isolated", "invert": false });
        let metaspace = json!({ "type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true });
        // As `moescope tokenizer` writes it, and a token more.
        let mut with_tools: Value =
            serde_json::from_str(include_str!("../../assets/models/mixtral/tokenizer.json")).unwrap();
        let mut tool = with_tools["added_tokens"][0].clone();
        (tool["id"], tool["content"]) = (json!(9000), json!("<tool>"));
        with_tools["added_tokens"].as_array_mut().unwrap().push(tool);
        let with_tools = with_tools.to_string();
        let files: [(&str, String, &[&str]); 10] = [
            (
                "Mixtral",
                file(sentence_piece, bpe(json!({ "byte_fallback": true, "unk_token": "<unk>", "fuse_unk": true }))),
                &["BPE of characters", "SentencePiece", "a normalizer (Prepend, Replace)", "byte_fallback"],
            ),
            (
                "T5",
                file(
                    json!({ "pre_tokenizer": metaspace.clone() }),
                    json!({ "type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["a", -1.5]], "byte_fallback": false }),
                ),
                &["Unigram", "(Metaspace)"],
            ),
            (
                "BERT",
                file(
                    json!({ "normalizer": { "type": "BertNormalizer" }, "pre_tokenizer": { "type": "BertPreTokenizer" } }),
                    json!({ "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                        "max_input_chars_per_word": 100, "vocab": { "[UNK]": 0 } }),
                ),
                &["WordPiece", "BERT", "(BertNormalizer)", "(BertPreTokenizer)"],
            ),
            (
                "words",
                file(json!({}), json!({ "type": "WordLevel", "vocab": { "a": 0 }, "unk_token": "?" })),
                &["WordLevel"],
            ),
            (
                "GPT-2",
                file(json!({ "pre_tokenizer": byte_level(false), "decoder": byte_level(false) }), bpe(json!({}))),
                &["byte-level BPE", "GPT-2"],
            ),
            (
                "Qwen",
                file(
                    json!({ "normalizer": { "type": "NFC" }, "decoder": byte_level(false),
                        "pre_tokenizer": { "type": "Sequence", "pretokenizers": [split, byte_level(false)] } }),
                    bpe(json!({})),
                ),
                &["byte-level BPE", "a normalizer (NFC)", "another rule (Split, ByteLevel)"],
            ),
            (
                "RoBERTa",
                file(
                    json!({ "pre_tokenizer": byte_level(true), "decoder": byte_level(true),
                        "post_processor": { "type": "RobertaProcessing" } }),
                    bpe(json!({ "continuing_subword_prefix": "", "end_of_word_suffix": "" })),
                ),
                &["byte-level BPE", "add_prefix_space", "(RobertaProcessing)"],
            ),
            (
                "Metaspace",
                file(json!({ "pre_tokenizer": metaspace.clone(), "decoder": metaspace }), bpe(json!({}))),
                &["BPE of characters", "(Metaspace)"],
            ),
            ("an unknown one", file(json!({}), json!({ "type": "Morse", "vocab": {} })), &["“Morse”"]),
            (
                "one that calls tools",
                with_tools,
                &["byte-level BPE", "tokens beside the vocabulary other than <|end|>"],
            ),
        ];
        for (name, json, words) in files {
            let error = Tokenizer::from_json(&json).unwrap_err();
            let said = error.to_string();
            assert!(matches!(error, TokenizerError::Unsupported(_)), "{name}: {said}");
            for word in words.iter().chain(&["is whole", "another kind"]) {
                assert!(said.contains(word), "{name}: {said} does not say {word}");
            }
        }
    }

    #[test]
    fn what_is_no_whole_tokenizer_is_not_called_one() {
        for json in [
            "{}",
            "IQ== 0\nIg== 1\n",
            "[1]",
            "a b\n",
            r#"{"model":{}}"#,
            r#"{"model":{"type":"Unigram"}}"#,
            r#"{"model":{"vocab":{}}}"#,
        ] {
            assert!(matches!(Tokenizer::from_json(json), Err(TokenizerError::Json(_))), "{json}");
        }
    }
}
