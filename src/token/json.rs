//! tokenizer.json, Hugging Face's file of a tokenizer: written as `tokenizers` writes it, and read with suspicion.
//!
//! A file that asks for anything that [`super::Tokenizer`] does not compute is refused, because tokens that are slightly
//! wrong are worse than an error.

use super::alphabet::{byte_chars, char_byte};
use super::merge::Merges;
use super::{END_OF_TEXT, PassedOver, Tokenizer, TokenizerError, split};
use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The file, in the order in which `tokenizers` writes it.
#[derive(Serialize, Deserialize)]
struct File<V> {
    version: Value,
    #[serde(default)]
    truncation: Value,
    #[serde(default)]
    padding: Value,
    added_tokens: Vec<Added>,
    #[serde(default)]
    normalizer: Value,
    pre_tokenizer: PreTokenizer,
    #[serde(default)]
    post_processor: Value,
    decoder: ByteLevel,
    model: Model<V>,
}

#[derive(Serialize, Deserialize, PartialEq)]
struct Added {
    id: u32,
    content: String,
    #[serde(default)]
    single_word: bool,
    #[serde(default)]
    lstrip: bool,
    #[serde(default)]
    rstrip: bool,
    #[serde(default)]
    normalized: bool,
    #[serde(default)]
    special: bool,
}

/// The pieces: cut by a regular expression, then spelled in the byte alphabet.
#[derive(Serialize, Deserialize, PartialEq)]
struct PreTokenizer {
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
struct ByteLevel {
    #[serde(rename = "type")]
    kind: String,
    add_prefix_space: bool,
    trim_offsets: bool,
    use_regex: bool,
}

#[derive(Serialize, Deserialize)]
struct Model<V> {
    #[serde(rename = "type", default)]
    kind: Value,
    #[serde(default)]
    dropout: Value,
    #[serde(default)]
    unk_token: Value,
    #[serde(default)]
    continuing_subword_prefix: Value,
    #[serde(default)]
    end_of_word_suffix: Value,
    #[serde(default)]
    fuse_unk: bool,
    #[serde(default)]
    byte_fallback: bool,
    #[serde(default)]
    ignore_merges: bool,
    vocab: V,
    merges: Vec<Pair>,
}

/// A merge: a list of two tokens, in older files one string with a space between them.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Pair {
    List((String, String)),
    Text(String),
}

/// A vocabulary as written: by token number.
struct ById(Vec<String>);

impl Serialize for ById {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (id, token) in self.0.iter().enumerate() {
            map.serialize_entry(token, &id)?;
        }
        map.end()
    }
}

impl Tokenizer {
    /// The tokenizer as Hugging Face's tokenizer.json, without line breaks.
    #[must_use]
    pub fn to_json(&self) -> String {
        let chars = byte_chars();
        let spell = |id: u32| -> String {
            if id == self.end_of_text {
                return END_OF_TEXT.to_owned();
            }
            self.bytes(id).unwrap_or_default().iter().map(|&byte| chars[usize::from(byte)]).collect()
        };
        let file = File {
            version: json!("1.0"),
            truncation: Value::Null,
            padding: Value::Null,
            added_tokens: vec![end_of_text(self.end_of_text)],
            normalizer: Value::Null,
            pre_tokenizer: pre_tokenizer(),
            post_processor: Value::Null,
            decoder: byte_level(),
            model: Model {
                kind: json!("BPE"),
                dropout: Value::Null,
                unk_token: Value::Null,
                continuing_subword_prefix: Value::Null,
                end_of_word_suffix: Value::Null,
                fuse_unk: false,
                byte_fallback: false,
                ignore_merges: false,
                vocab: ById((0..).take(self.vocab_size()).map(spell).collect()),
                merges: self.merges.pairs().iter().map(|&(l, r)| Pair::List((spell(l), spell(r)))).collect(),
            },
        };
        // Strings, numbers and maps with string keys always have a JSON form.
        serde_json::to_string(&file).unwrap_or_default()
    }

    /// Reads a tokenizer.json that [`Tokenizer::to_json`], or `tokenizers` from it, has written.
    ///
    /// # Errors
    /// If it is not JSON of that shape, contradicts itself, or asks for another way to make tokens.
    pub fn from_json(json: &str) -> Result<Self, TokenizerError> {
        let file: File<BTreeMap<String, u32>> =
            serde_json::from_str(json).map_err(|error| TokenizerError::Json(ended(&error, json.len())))?;
        check_kind(&file)?;
        let passed_over = PassedOver { truncation: !file.truncation.is_null(), padding: !file.padding.is_null() };
        let mut spelled: Vec<Option<&str>> = vec![None; file.model.vocab.len()];
        for (token, &id) in &file.model.vocab {
            match usize::try_from(id).ok().and_then(|id| spelled.get_mut(id)) {
                Some(place @ None) => *place = Some(token),
                Some(Some(other)) => return damaged(format!("tokens {other:?} and {token:?} are both {id}")),
                None => return damaged(format!("token {token:?} is {id}, but there are {} tokens", spelled.len())),
            }
        }
        let Some(&end_of_text) = file.model.vocab.get(END_OF_TEXT) else {
            return damaged(format!("{END_OF_TEXT} is missing"));
        };
        if file.added_tokens != [self::end_of_text(end_of_text)] {
            return damaged(format!("added_tokens is not the one special token {END_OF_TEXT} of number {end_of_text}"));
        }
        let mut tokens: Vec<Box<[u8]>> = Vec::with_capacity(spelled.len());
        for token in spelled.into_iter().flatten() {
            tokens.push(read_token(token)?);
        }
        let ids = &file.model.vocab;
        let mut byte_ids = [0; 256];
        for (byte, c) in byte_chars().into_iter().enumerate() {
            match ids.get(&String::from(c)) {
                Some(&id) => byte_ids[byte] = id,
                None => return damaged(format!("the byte {byte}, written {c:?}, has no token")),
            }
        }
        Ok(Self { merges: read_merges(&file.model.merges, ids)?, tokens, byte_ids, end_of_text, passed_over })
    }
}

/// What is wrong with the JSON; half a download ends early.
fn ended(error: &serde_json::Error, bytes: usize) -> String {
    if error.is_eof() { format!("it breaks off after {bytes} bytes") } else { error.to_string() }
}

fn damaged<T>(what: String) -> Result<T, TokenizerError> {
    Err(TokenizerError::Vocabulary(what))
}

/// The bytes of a token as tokenizer.json spells it.
fn read_token(token: &str) -> Result<Box<[u8]>, TokenizerError> {
    if token == END_OF_TEXT {
        return Ok(token.as_bytes().into());
    }
    if token.is_empty() {
        return damaged("a token is empty".to_owned());
    }
    match token.chars().map(char_byte).collect() {
        Some(bytes) => Ok(bytes),
        None => damaged(format!("token {token:?} has a character that stands for no byte")),
    }
}

fn read_merges(pairs: &[Pair], ids: &BTreeMap<String, u32>) -> Result<Merges, TokenizerError> {
    let mut merges = Merges::default();
    for (index, pair) in pairs.iter().enumerate() {
        let fault = |what: String| TokenizerError::Merge { index, what };
        let (left, right) = match pair {
            Pair::List((left, right)) => (left.as_str(), right.as_str()),
            Pair::Text(text) => {
                text.split_once(' ').ok_or_else(|| fault(format!("{text:?} is not two tokens with a space between")))?
            }
        };
        let id = |token: &str| ids.get(token).copied().ok_or_else(|| fault(format!("there is no token {token:?}")));
        if [left, right].contains(&END_OF_TEXT) {
            return Err(fault(format!("{END_OF_TEXT} cannot be part of a merge")));
        }
        if !merges.push(id(left)?, id(right)?, id(&format!("{left}{right}"))?) {
            return Err(fault(format!("{left:?} and {right:?} are merged by an earlier one")));
        }
    }
    Ok(merges)
}

fn end_of_text(id: u32) -> Added {
    Added {
        id,
        content: END_OF_TEXT.to_owned(),
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
    }
}

fn byte_level() -> ByteLevel {
    ByteLevel { kind: "ByteLevel".to_owned(), add_prefix_space: false, trim_offsets: false, use_regex: false }
}

fn pre_tokenizer() -> PreTokenizer {
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
fn adds_nothing(post_processor: &Value) -> bool {
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

/// Refuses everything that would change the tokens.
fn check_kind<V>(file: &File<V>) -> Result<(), TokenizerError> {
    let model = &file.model;
    let unset = |value: &Value| value.is_null() || *value == json!("");
    let checks = [
        ("version is not 1.0", file.version == json!("1.0")),
        ("normalizer is set", file.normalizer.is_null()),
        ("post_processor adds tokens", adds_nothing(&file.post_processor)),
        ("pre_tokenizer splits by another rule", file.pre_tokenizer == pre_tokenizer()),
        ("decoder is not ByteLevel", file.decoder.kind == "ByteLevel"),
        ("model.type is not BPE", model.kind == json!("BPE")),
        ("model.dropout is set", model.dropout.is_null()),
        ("model.unk_token is set", model.unk_token.is_null()),
        ("model.continuing_subword_prefix is set", unset(&model.continuing_subword_prefix)),
        ("model.end_of_word_suffix is set", unset(&model.end_of_word_suffix)),
        ("model.byte_fallback is true", !model.byte_fallback),
        ("model.ignore_merges is true", !model.ignore_merges),
    ];
    match checks.into_iter().find(|(_, holds)| !holds) {
        Some((what, _)) => Err(TokenizerError::Unsupported(what.to_owned())),
        None => Ok(()),
    }
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
