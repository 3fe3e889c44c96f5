//! tokenizer.json, Hugging Face's file of a tokenizer: written as `tokenizers` writes it, and read with suspicion.
//!
//! A file that asks for anything that [`super::Tokenizer`] does not compute is refused, because tokens that are slightly
//! wrong are worse than an error.

use super::alphabet::{byte_chars, char_byte};
use super::error::{JsonFault, MergeFault, VocabularyFault};
use super::merge::Merges;
use super::other::other;
use super::parts::{ByteLevel, PreTokenizer, byte_level, pre_tokenizer};
use super::{END_OF_TEXT, PassedOver, Tokenizer, TokenizerError};
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
        let json = json.strip_prefix('\u{feff}').unwrap_or(json);
        let another = || TokenizerError::Json(JsonFault::AnotherFile);
        if json.trim_start().starts_with(|first| first != '{') {
            return Err(another());
        }
        let value: Value =
            serde_json::from_str(json).map_err(|error| TokenizerError::Json(wrong(&error, json.len())))?;
        if value.pointer("/model/vocab").is_none() {
            return Err(another());
        }
        if let Some(other) = other(&value) {
            return Err(TokenizerError::Unsupported(other));
        }
        let file = serde_json::from_value(value);
        let file: File<BTreeMap<String, u32>> =
            file.map_err(|error| TokenizerError::Json(wrong(&error, json.len())))?;
        let passed_over = PassedOver { truncation: !file.truncation.is_null(), padding: !file.padding.is_null() };
        let mut spelled: Vec<Option<&str>> = vec![None; file.model.vocab.len()];
        for (token, &id) in &file.model.vocab {
            match usize::try_from(id).ok().and_then(|id| spelled.get_mut(id)) {
                Some(place @ None) => *place = Some(token),
                Some(Some(other)) => {
                    let [first, second] = [*other, token].map(str::to_owned);
                    return damaged(VocabularyFault::Twice { first, second, id });
                }
                None => {
                    let (token, tokens) = (token.clone(), spelled.len());
                    return damaged(VocabularyFault::Beyond { token, id, tokens });
                }
            }
        }
        let Some(&end_of_text) = file.model.vocab.get(END_OF_TEXT) else {
            return damaged(VocabularyFault::NoEnd);
        };
        if file.added_tokens != [self::end_of_text(end_of_text)] {
            return damaged(VocabularyFault::Added { id: end_of_text });
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
                None => return damaged(VocabularyFault::NoToken { byte: byte as u8, spelled: c }),
            }
        }
        Ok(Self { merges: read_merges(&file.model.merges, ids)?, tokens, byte_ids, end_of_text, passed_over })
    }
}

/// What is wrong with the JSON; half a download ends early.
fn wrong(error: &serde_json::Error, bytes: usize) -> JsonFault {
    if error.is_eof() { JsonFault::BreaksOff { bytes } } else { JsonFault::Wrong { detail: error.to_string() } }
}

fn damaged<T>(fault: VocabularyFault) -> Result<T, TokenizerError> {
    Err(TokenizerError::Vocabulary(fault))
}

/// The bytes of a token as tokenizer.json spells it.
fn read_token(token: &str) -> Result<Box<[u8]>, TokenizerError> {
    if token == END_OF_TEXT {
        return Ok(token.as_bytes().into());
    }
    if token.is_empty() {
        return damaged(VocabularyFault::Empty);
    }
    match token.chars().map(char_byte).collect() {
        Some(bytes) => Ok(bytes),
        None => damaged(VocabularyFault::NoBytes { token: token.to_owned() }),
    }
}

fn read_merges(pairs: &[Pair], ids: &BTreeMap<String, u32>) -> Result<Merges, TokenizerError> {
    let mut merges = Merges::default();
    for (index, pair) in pairs.iter().enumerate() {
        let fault = |fault: MergeFault| TokenizerError::Merge { index, fault };
        let (left, right) = match pair {
            Pair::List((left, right)) => (left.as_str(), right.as_str()),
            Pair::Text(text) => text.split_once(' ').ok_or_else(|| fault(MergeFault::NoPair { text: text.clone() }))?,
        };
        let missing = |token: &str| fault(MergeFault::NoToken { token: token.to_owned() });
        let id = |token: &str| ids.get(token).copied().ok_or_else(|| missing(token));
        if [left, right].contains(&END_OF_TEXT) {
            return Err(fault(MergeFault::End));
        }
        if !merges.push(id(left)?, id(right)?, id(&format!("{left}{right}"))?) {
            let [left, right] = [left, right].map(str::to_owned);
            return Err(fault(MergeFault::Twice { left, right }));
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
