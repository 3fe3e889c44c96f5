//! A model on a device, and the text it knows so far.
//!
//! Typing changes a text's end, so the session keeps keys, values and results of the tokens it has computed and begins where
//! the new text departs from them. Work goes in chunks, so that whoever drives it can turn to a newer text in between;
//! whatever was computed by then stays good.

use super::rows::Rows;
use super::{readout, text};
use crate::device::OpenDevice;
use crate::error::{FileFault, RequestFault};
use crate::model::{Cache, Compute, Input, ModelConfig, ModelError, Transformer, checkpoint, mistaken};
use crate::protocol::{Cut, MAX_TOKENS};
use crate::router::Mode;
use crate::token::{Encoded, PassedOver, Tokenizer};
use crate::trace::{Computed, ModelInfo, RunInfo, SCHEMA, Token, Trace};
use crate::utf16;
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;
use web_time::Instant;

/// Tokens computed between two looks at the inbox.
const CHUNK: usize = 256;

/// The files of a checkpoint's folder.
pub struct Checkpoint<'a> {
    /// The folder's name.
    pub name: &'a str,
    /// `config.json`.
    pub config: &'a [u8],
    /// `tokenizer.json`.
    pub tokenizer: &'a [u8],
    /// `model.safetensors`, or the files that its index names: their names and bytes.
    pub weights: &'a [(&'a str, &'a [u8])],
}

/// A model on a device.
pub struct Session {
    name: String,
    /// Its weights' hash, where they came from files.
    checkpoint: Option<String>,
    config: ModelConfig,
    model: Transformer,
    pub(super) tokenizer: Tokenizer,
    device: OpenDevice,
    cache: Cache,
    /// The tokens in the cache.
    pub(super) ids: Vec<u32>,
    pub(super) rows: Rows,
    /// Whether `rows` were computed with a look at later tokens: they then hold for the whole text only.
    ahead: bool,
    /// The output matrix [V, d], where the CPU needs it.
    embedding: Option<Vec<f32>>,
}

/// A text on its way through the model.
pub struct Job {
    text: String,
    tokens: Vec<Encoded>,
    cut: Option<Cut>,
    computed: usize,
    millis: f64,
    /// Whether to route as published, with a look at later tokens.
    ahead: bool,
}

impl Session {
    /// Reads a checkpoint onto a device.
    ///
    /// # Errors
    /// If a file is not what it should be, or the files do not belong together.
    pub fn open(checkpoint: &Checkpoint<'_>, device: OpenDevice) -> Result<Self, ModelError> {
        let config = ModelConfig::from_json(&decoded("config.json", checkpoint.config)?)?;
        let tokenizer = Tokenizer::from_json(&decoded("tokenizer.json", checkpoint.tokenizer)?)?;
        let model = checkpoint::load_files(&config, checkpoint.weights, &device.device)?;
        let session = Self::new(checkpoint.name, config, model, tokenizer, device)?;
        Ok(Self { checkpoint: Some(hash(checkpoint.weights)), ..session })
    }

    /// A session with a model that is already on the device.
    ///
    /// # Errors
    /// If model and tokenizer have different vocabularies.
    pub fn new(
        name: &str,
        config: ModelConfig,
        model: Transformer,
        tokenizer: Tokenizer,
        device: OpenDevice,
    ) -> Result<Self, ModelError> {
        config.check_tokens(tokenizer.vocab_size())?;
        let cache = Cache::new(config.num_hidden_layers);
        let rows = Rows::new(config.num_hidden_layers, config.num_local_experts, config.num_experts_per_tok);
        Ok(Self {
            name: name.to_owned(),
            checkpoint: None,
            config,
            model,
            tokenizer,
            device,
            cache,
            ids: Vec::new(),
            rows,
            ahead: false,
            embedding: None,
        })
    }

    /// The device in use.
    pub fn device(&self) -> &OpenDevice {
        &self.device
    }

    /// What of the model's files was passed over.
    pub fn passed_over(&self) -> PassedOver {
        self.tokenizer.passed_over()
    }

    /// Most tokens that can be routed: the engine's limit, or the model's where it is lower.
    pub fn max_tokens(&self) -> usize {
        MAX_TOKENS.min(self.config.max_position_embeddings)
    }

    /// Routes a text. What is too long is cut off, and the cut is told.
    ///
    /// # Errors
    /// If the device fails or the model computes numbers that are not finite.
    pub async fn route(&mut self, text: &str) -> Result<(Trace, Option<Cut>), ModelError> {
        let mut job = self.begin(text);
        while self.advance(&mut job).await? {}
        Ok(self.finish(job))
    }

    /// Says which task the texts from now on belong to; `None` if nobody knows. For methods that know tasks, and this one:
    /// others do not ask.
    pub fn say_task(&mut self, task: Option<usize>) {
        let task = task.filter(|&task| task < self.config.router.tasks());
        if task.as_slice() != self.cache.tasks {
            self.truncate(0);
            self.cache.tasks = task.into_iter().collect();
        }
    }

    /// Tokenises a text, to be routed left to right, and finds what is known of it already.
    pub fn begin(&mut self, text: &str) -> Job {
        let text::Prepared { text, tokens, cut } = text::prepare(&self.tokenizer, text, self.max_tokens());
        let known = self.ids.iter().zip(&tokens).take_while(|(id, token)| **id == token.id).count();
        // The last known token is computed again: it says how likely the first new one is.
        self.truncate(if self.ahead { 0 } else { known.saturating_sub(1) });
        self.ahead = false;
        Job { text, tokens, cut, computed: 0, millis: 0.0, ahead: false }
    }

    /// The same for the whole text at once, as the method is published, if that looks at later tokens.
    pub fn begin_published(&mut self, text: &str) -> Job {
        let ahead = !self.config.router.causal();
        let mut job = self.begin(text);
        if ahead {
            self.truncate(0);
            (self.ahead, job.ahead) = (true, true);
        }
        job
    }

    /// Whether the method as published looks at later tokens.
    pub fn looks_ahead(&self) -> bool {
        !self.config.router.causal()
    }

    /// Computes one chunk of the text; whether there is more to do.
    ///
    /// # Errors
    /// As [`Session::route`]. The session then knows no text any more.
    pub async fn advance(&mut self, job: &mut Job) -> Result<bool, ModelError> {
        let started = Instant::now();
        if job.ahead {
            self.compute_whole(job).await?;
            job.millis += started.elapsed().as_secs_f64() * 1e3;
            return Ok(false);
        }
        let from = self.ids.len();
        let to = job.tokens.len().min(from + CHUNK);
        let ids: Vec<u32> = job.tokens[from.min(to)..to].iter().map(|token| token.id).collect();
        if !ids.is_empty() {
            let targets: Vec<u32> = job.tokens[from + 1..].iter().take(ids.len()).map(|token| token.id).collect();
            self.compute(&ids, &targets).await?;
            job.computed += ids.len();
        }
        job.millis += started.elapsed().as_secs_f64() * 1e3;
        Ok(to < job.tokens.len())
    }

    /// The trace of a text whose chunks have all been computed.
    pub fn finish(&self, job: Job) -> (Trace, Option<Cut>) {
        let Job { text, tokens, cut, computed, millis, .. } = job;
        let len = tokens.len().min(self.rows.len());
        let trace = Trace {
            schema: SCHEMA.to_owned(),
            model: self.model_info(),
            text,
            tokens: tokens.iter().take(len).map(|token| self.token(*token)).collect(),
            layers: self.rows.layers(len, |block| self.config.router.method_of(block).id),
            next: self.rows.next(len, &self.tokenizer),
            predictions: self.rows.predictions(len, &self.tokenizer),
            losses: self.rows.losses(len),
            device: Some(RunInfo {
                device: self.device.report.name.clone(),
                forward_ms: millis,
                computed_tokens: computed,
            }),
            build: Some(concat!("moescope ", env!("CARGO_PKG_VERSION")).to_owned()),
            sampling: None,
            interventions: Vec::new(),
        };
        (trace, cut)
    }

    /// Adds tokens to the known text. `targets` are the tokens that follow them, as far as they are known.
    pub(super) async fn compute(&mut self, ids: &[u32], targets: &[u32]) -> Result<(), ModelError> {
        let compute = self.device.compute;
        let forward = self.model.extend(ids, &mut self.cache, &self.config, compute);
        let known = self.tokenizer.vocab_size();
        let read = readout::read(&self.model, forward, targets, known, compute, &mut self.embedding).await;
        let added = read.and_then(|read| self.rows.extend(read, ids.len()));
        match added {
            Ok(()) => self.ids.extend_from_slice(ids),
            Err(_) => self.truncate(0),
        }
        added
    }

    /// Computes the whole text in one pass, with a look at later tokens. The cache stays empty: nothing can be added.
    async fn compute_whole(&mut self, job: &mut Job) -> Result<(), ModelError> {
        let ids: Vec<u32> = job.tokens.iter().map(|token| token.id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        if cfg!(target_family = "wasm") && self.device.report.gpu && self.config.router.method().on_host {
            return Err(ModelError::Request(RequestFault::BaseOnGpu));
        }
        let compute = self.device.compute;
        let input = Input { mode: Mode::Published, ..Input::new(ids.clone(), 1) };
        let forward = self.model.forward(&input, &self.config, compute);
        let (targets, known) = (ids.get(1..).unwrap_or_default(), self.tokenizer.vocab_size());
        let read = readout::read(&self.model, forward, targets, known, compute, &mut self.embedding).await?;
        self.rows.extend(read, ids.len())?;
        job.computed = ids.len();
        Ok(())
    }

    pub(super) fn token(&self, Encoded { id, start, end }: Encoded) -> Token {
        Token { id, text: self.tokenizer.display(id), start, end }
    }

    fn truncate(&mut self, tokens: usize) {
        self.ids.truncate(tokens);
        self.rows.truncate(tokens);
        self.cache.truncate(tokens);
    }

    fn model_info(&self) -> ModelInfo {
        ModelInfo {
            name: self.name.clone(),
            checkpoint: self.checkpoint.clone(),
            router: self.model.blocks.first().map_or("none", |block| block.router.name()).to_owned(),
            layers: self.config.num_hidden_layers,
            experts: self.config.num_local_experts,
            top_k: self.config.num_experts_per_tok,
            hidden: Some(self.config.hidden_size),
            blocks: Some(self.config.num_hidden_layers),
            convention: self.model.blocks.first().map_or("", |block| block.router.convention()).to_owned(),
            computed: match self.device.compute {
                Compute::Sparse => Computed::Sparse,
                Compute::Dense => Computed::Dense,
            },
            looks_ahead: self.ahead,
            task: self.cache.tasks.first().copied(),
            constants: self.config.router.constants(self.config.num_shared_experts),
        }
    }
}

/// The name that traces have for weights ([`ModelInfo::checkpoint`]).
fn hash(weights: &[(&str, &[u8])]) -> String {
    let mut sha256 = Sha256::new();
    weights.iter().for_each(|(_, bytes)| sha256.update(bytes));
    let digits = sha256.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("sha256:{digits}")
}

/// A file's text: UTF-8, or what UTF-16 some editors make of it, without the mark at its beginning.
fn decoded<'a>(name: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, ModelError> {
    if let Some(other) = mistaken(name, bytes) {
        return Err(other);
    }
    let not = |detail: String| ModelError::File {
        name: name.to_owned(),
        fault: FileFault::NotText { have: bytes.len() as u64, detail },
    };
    match utf16::decode(bytes, false) {
        Some(text) => Ok(text.map_err(|fault| not(fault.to_string()))?.text.into()),
        None => {
            let unmarked = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            Ok(str::from_utf8(unmarked).map_err(|error| not(error.to_string()))?.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{decoded, hash};

    /// As editors save it: each as UTF-8 and UTF-16 are with a mark (RFC 3629, RFC 2781).
    #[test]
    fn a_mark_at_the_beginning_is_no_fault() {
        let marked: [&[u8]; 3] = [b"\xef\xbb\xbf{}", b"\xff\xfe{\0}\0", b"\xfe\xff\0{\0}"];
        for bytes in marked.into_iter().chain([&b"{}"[..]]) {
            assert_eq!(decoded("config.json", bytes).unwrap(), "{}", "{bytes:?}");
        }
        assert!(decoded("config.json", b"{\xff}").is_err());
    }

    /// The first example of FIPS 180: SHA-256 of "abc".
    #[test]
    fn the_hash_of_shards_is_that_of_their_bytes_one_after_another() {
        let abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash(&[("a", b"abc")]), abc);
        assert_eq!(hash(&[("a", b"a"), ("b", b"bc")]), abc);
    }
}
