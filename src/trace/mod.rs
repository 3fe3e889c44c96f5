//! The trace: what a router did with a text.
//!
//! Everything on the screen is drawn from a [`Trace`], and everything that routes (the live model, a recording, a file
//! that somebody opens) ends in one. So a picture never needs to know a model, and a number that is not in a trace
//! cannot be shown. The layout is `moescope.trace/2`:
//!
//! * token-major: row `t` of every matrix belongs to token `t`;
//! * T tokens, E experts and k chosen experts a token, both of which each layer says for itself ([`LayerInfo`]);
//! * every float is finite and is written so that reading it back gives the same `f32`;
//! * a file may also hold what was selected when it was saved ([`SavedView`]); it is no part of the trace.
//!
//! A recording need not hold everything. Of a layer `logits`, `probs`, `weights`, `dropped`, `attention`, `capacity` and `extra` may be
//! absent, of the trace `losses`, `predictions`, `device` and what says where it comes from (`model.checkpoint`, `build`, `sampling`),
//! of the model `hidden`, `blocks` and `constants`. What is absent is never taken for 0: views say "not recorded". What must be there is
//! the text with its tokens and who each token went to (`experts`); or, where a recording counts and keeps no token, empty lists of
//! them and the counts of each layer ([`Counts`]).
//!
//! An example, one token with one of two experts and nothing else recorded:
//! ```json
//! {"schema": "moescope.trace/2", "text": "Hi", "tokens": [{"id": 5, "text": "Hi", "start": 0, "end": 2}], "next": [],
//!  "model": {"name": "some model", "router": "", "convention": "", "layers": 1, "experts": 2, "top_k": 1, "computed": "not_recorded"},
//!  "layers": [{"block": 0, "info": {"experts": 2, "top_k": 1}, "experts": [[1]]}]}
//! ```
//!
//! Files of `moescope.trace/1` open too. They say experts and choices once for all layers, and hold logits, probs, weights and
//! dropped of every one. A trace in memory is always one of [`SCHEMA`], and so is what is written.

pub mod agreement;
mod balance;
pub mod baseline;
mod check;
mod constants;
pub mod conventions;
mod export;
mod fault;
pub mod largest;
mod matrix;
pub mod metrics;
pub mod rules;
#[cfg(test)]
pub(crate) mod sample;
pub mod speciality;
mod step;
pub mod summary;

pub use check::shown;
pub use constants::Constants;
pub use export::{MAX_JSON_BYTES, SavedView, from_json, to_csv, to_json, to_json_with};
pub use fault::TraceError;
pub use matrix::Matrix;
pub use step::{LayerStep, TraceStep};

use crate::methods::{self, Method};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// The name of the layout described here.
pub const SCHEMA: &str = "moescope.trace/2";

/// The layout before it, which is read too.
pub const SCHEMA_1: &str = "moescope.trace/1";

/// Digits of a checkpoint's hash in a link: 48 bits, so that two of a million checkpoints are hardly ever mistaken.
pub const SHORT_HASH: usize = 12;

/// A text's way through a routed model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// [`SCHEMA`].
    pub schema: String,
    /// What routed the text.
    pub model: ModelInfo,
    /// The text itself.
    pub text: String,
    /// Its tokens, T of them.
    pub tokens: Vec<Token>,
    /// One entry for each MoE layer, from the input upwards.
    pub layers: Vec<LayerTrace>,
    /// The most likely tokens after the last one, most likely first.
    pub next: Vec<Candidate>,
    /// For each token the most likely successors, most likely first ([T][few]); empty if not recorded.
    #[serde(default)]
    pub predictions: Vec<Vec<Candidate>>,
    /// `-ln p(token t | tokens before t)` in nats, [T]; `None` for the first token; empty if not recorded.
    #[serde(default)]
    pub losses: Vec<Option<f32>>,
    /// Where and how fast it was computed, if known.
    #[serde(default)]
    pub device: Option<RunInfo>,
    /// The program that made it, with its version, and behind a `+` what tells its build from others; if known.
    #[serde(default)]
    pub build: Option<String>,
    /// How tokens were chosen where a model wrote a part of the text, if known.
    #[serde(default)]
    pub sampling: Option<Sampling>,
    /// What was changed in the model or its routing for this recording, in the order in which it was.
    #[serde(default)]
    pub interventions: Vec<Intervention>,
}

/// A change to the model or its routing. None can be made yet, so a file that names one is refused: without it the rest of the
/// recording would be shown as the model's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Intervention {}

impl<'de> Deserialize<'de> for Intervention {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom("interventions: this version knows none; open the file with a newer one"))
    }
}

/// The model behind a trace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// The checkpoint's name, as its folder is called.
    pub name: String,
    /// Which checkpoint it is: `sha256:` and the hash of its weights, the bytes of its file or files one after another, in
    /// hexadecimal digits; if known.
    #[serde(default)]
    pub checkpoint: Option<String>,
    /// The routing method, for example `mixtral`; empty if not recorded.
    pub router: String,
    /// MoE layers.
    pub layers: usize,
    /// Experts in a MoE layer, E; where layers differ, the most of any ([`LayerInfo::experts`]).
    pub experts: usize,
    /// Experts chosen for a token, k; where layers differ, the most of any.
    pub top_k: usize,
    /// Width of the residual stream: how many numbers the gate reads; if known.
    #[serde(default)]
    pub hidden: Option<usize>,
    /// Transformer blocks, those without experts among them; if known.
    #[serde(default)]
    pub blocks: Option<usize>,
    /// How scores become weights, in words, for example `softmax over the kept logits`; empty if not recorded.
    pub convention: String,
    /// Which experts were computed.
    pub computed: Computed,
    /// Whether the routing looked at later tokens, as some methods do when they see a whole text.
    #[serde(default)]
    pub looks_ahead: bool,
    /// The task that the text was said to belong to, counted from 0, where the method is told and somebody said.
    #[serde(default)]
    pub task: Option<usize>,
    /// The method's constants, if recorded.
    #[serde(default)]
    pub constants: Constants,
}

impl ModelInfo {
    /// The routing method, if it is known: by the name of the router and its setting, otherwise by the words of its convention,
    /// whatever the router is called.
    pub fn method(&self) -> Option<&'static Method> {
        if self.experts == 1 {
            return Some(&methods::DENSE);
        }
        let router = methods::of_setting(&self.router, self.constants.hash.as_deref().unwrap_or_default());
        let said = || methods::of_words(&self.convention).filter(|method| method.order.is_some());
        router.filter(|method| method.is_known()).or_else(said).or(router)
    }
}

/// Which experts were computed for a token. The picture is the same; the cost is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Computed {
    /// Only the chosen ones.
    Sparse,
    /// All of them; the ones that were not chosen were multiplied by zero.
    Dense,
    /// The file does not say.
    NotRecorded,
}

/// One token of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its number in the vocabulary.
    pub id: u32,
    /// Its text; bytes that are not whole characters are shown as `\xNN`.
    pub text: String,
    /// Where it begins in `text`, in bytes.
    pub start: usize,
    /// Where it ends, in bytes (exclusive).
    pub end: usize,
}

/// What decides in one layer, and among how many: layers of one model may differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerInfo {
    /// The routing method's id ([`crate::methods`]); `None` where only the words of [`ModelInfo::convention`] tell it.
    #[serde(default)]
    pub method: Option<String>,
    /// Experts, E.
    pub experts: usize,
    /// Experts chosen for a token, k.
    pub top_k: usize,
}

impl LayerInfo {
    /// The method that it names.
    pub fn named(&self) -> Option<&'static Method> {
        methods::by_id(self.method.as_deref()?)
    }
}

/// One MoE layer's decisions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerTrace {
    /// The transformer block it belongs to, counted from 0.
    pub block: usize,
    /// What decides here; files of `moescope.trace/1` say it once for all layers, and are read so.
    #[serde(default)]
    pub info: LayerInfo,
    /// Router outputs before any normalisation, [T][E]; `None` if not recorded.
    #[serde(default)]
    pub logits: Option<Matrix<f32>>,
    /// The scores that the method defines (for Mixtral the softmax over all experts), [T][E]; `None` if not recorded.
    #[serde(default)]
    pub probs: Option<Matrix<f32>>,
    /// Chosen experts in descending order of weight, [T][k].
    #[serde(default)]
    pub experts: Matrix<u16>,
    /// What the expert outputs are multiplied by, [T][k]; 0 for a dropped choice. 0 with `dropped` false means that the
    /// token uses fewer than k experts and this entry only fills the row, unless k < E and the expert's score is 0 too:
    /// then the expert was chosen, and its weight came out as 0 beside a far larger one. `None` if not recorded: then every
    /// entry of `experts` is a choice.
    #[serde(default)]
    pub weights: Option<Matrix<f32>>,
    /// Whether that choice was dropped because the expert was full, [T][k]; `None` if not recorded.
    #[serde(default)]
    pub dropped: Option<Matrix<bool>>,
    /// Tokens that one expert may take, if the method has such a limit.
    pub capacity: Option<usize>,
    /// What the method decides with beside the scores, in rows of E numbers; empty if there is nothing or it is not recorded.
    /// DeepSeek: the bias that is added for the choice, [1][E]. gpt-oss: the bias that is in the logits, [1][E]. Routing networks: each task's policy, probabilities, [tasks][E].
    /// Soft MoE as published: the share that each token has in the inputs of an expert's slots, their mean, [T][E].
    #[serde(default)]
    pub extra: Matrix<f32>,
    /// What each token attended to in the block, for every head [T][T], each row a share for each token up to its own; `None` if not
    /// recorded.
    #[serde(default)]
    pub attention: Option<Vec<Matrix<f32>>>,
    /// How often each expert was chosen, where the recording counts and keeps no token.
    #[serde(default)]
    pub counts: Option<Counts>,
}

/// How often the experts of a layer were chosen, over tokens that are not recorded themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Tokens counted.
    pub tokens: u64,
    /// Choices of each expert, first to k-th, [E].
    pub load: Vec<u64>,
}

/// One choice of a token in a layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// The expert, from 0.
    pub expert: usize,
    /// What its output is multiplied by, if recorded.
    pub weight: Option<f32>,
    /// Whether it is recorded as dropped.
    pub dropped: bool,
}

/// A possible next token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Its number in the vocabulary.
    pub id: u32,
    /// Its text.
    pub text: String,
    /// Its probability at temperature 1.
    pub prob: f32,
}

/// Where a trace was computed and how long it took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunInfo {
    /// The device in words, for example `CPU (Flex, SIMD)` or `WebGPU: apple m2`.
    pub device: String,
    /// Milliseconds for the forward pass, read-back included.
    pub forward_ms: f64,
    /// Tokens computed in it; fewer than T where the beginning was already known.
    pub computed_tokens: usize,
}

/// How the next token is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// Logits are divided by this; 0 takes the most likely token.
    pub temperature: f32,
    /// Only the k most likely tokens; 0 for all.
    pub top_k: usize,
    /// Only the most likely tokens whose probabilities reach this sum; 1 for all.
    pub top_p: f32,
    /// The same seed and settings give the same text.
    pub seed: u64,
}

impl Default for Sampling {
    fn default() -> Self {
        Self { temperature: 0.8, top_k: 40, top_p: 0.95, seed: 1 }
    }
}

impl ModelInfo {
    /// The first digits of its checkpoint's hash, for links.
    pub fn short_checkpoint(&self) -> Option<&str> {
        let hash = self.checkpoint.as_deref()?.strip_prefix("sha256:")?;
        hash.get(..SHORT_HASH)
    }
}

impl LayerTrace {
    /// Router outputs of token `t`, [E], if recorded; empty where there is no such token.
    pub fn logits(&self, t: usize) -> Option<&[f32]> {
        Some(self.logits.as_ref()?.row(t))
    }

    /// Scores of token `t`, [E], if recorded.
    pub fn scores(&self, t: usize) -> Option<&[f32]> {
        Some(self.probs.as_ref()?.row(t))
    }

    /// Weights of token `t`, [k], if recorded.
    pub fn weights(&self, t: usize) -> Option<&[f32]> {
        Some(self.weights.as_ref()?.row(t))
    }

    /// The choices of token `t`, in descending order of weight.
    pub fn choices(&self, t: usize) -> impl Iterator<Item = Choice> {
        let weight = move |at: usize| self.weights(t)?.get(at).copied();
        let choice = move |(at, &expert): (usize, &u16)| Choice {
            expert: usize::from(expert),
            weight: weight(at),
            dropped: self.is_dropped(t, at),
        };
        self.chosen(t).iter().enumerate().map(choice)
    }

    /// Whether choice number `choice` of token `t` is recorded as dropped.
    pub fn is_dropped(&self, t: usize, choice: usize) -> bool {
        self.dropped.as_ref().is_some_and(|dropped| dropped.row(t).get(choice) == Some(&true))
    }

    /// How many choices of token `t` are recorded as dropped.
    pub fn drops(&self, t: usize) -> usize {
        self.dropped.as_ref().map_or(0, |dropped| dropped.row(t).iter().filter(|&&dropped| dropped).count())
    }

    /// The experts that token `t` asked for, in descending order of weight: its row of `experts` without the entries that
    /// only fill it. Empty where there is no such token.
    pub fn chosen(&self, t: usize) -> &[u16] {
        let experts = self.experts.row(t);
        let made = (0..experts.len()).rev().find(|&choice| !self.only_fills(t, choice));
        experts.get(..made.map_or(0, |last| last + 1)).unwrap_or_default()
    }

    /// Whether entry `choice` of token `t`'s row stands there only because every row has k entries.
    ///
    /// Where k = E a weight and a score of 0 can be either: a gate that keeps all experts chose one whose score softmax rounded
    /// to 0, while a row of a method whose experts choose lists the others too. Nothing in a row tells these apart, and both
    /// readings are right of the output, to which an expert with weight 0 adds nothing; here it counts as not asked, so
    /// that loads tell which experts a token used.
    fn only_fills(&self, t: usize, choice: usize) -> bool {
        let weight = self.weights(t).and_then(|weights| weights.get(choice));
        let weightless = weight == Some(&0.0) && !self.is_dropped(t, choice);
        let probs = self.scores(t).unwrap_or_default();
        let score = self.experts.row(t).get(choice).and_then(|&expert| probs.get(usize::from(expert)));
        // Softmax rounds to 1 and 0 where scores lie far apart. A row that lists all experts says nothing by listing one.
        let rounded = score == Some(&0.0) && self.experts.cols() < probs.len();
        weightless && !rounded
    }

    /// How much token `t` asked of its choice number `choice`: the weight, or for a dropped choice, which has none, the
    /// score; `None` if it is not recorded.
    pub fn asked(&self, t: usize, choice: usize) -> Option<f32> {
        match (self.is_dropped(t, choice), self.experts.row(t).get(choice)) {
            (true, Some(&expert)) => self.scores(t)?.get(usize::from(expert)).copied(),
            _ => self.weights(t)?.get(choice).copied(),
        }
    }
}

impl Trace {
    /// Number of tokens, T.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Whether it counts choices and keeps no token.
    pub fn is_counted(&self) -> bool {
        self.is_empty() && self.layers.iter().any(|layer| layer.counts.is_some())
    }

    /// Experts of a layer, E; 0 where there is no such layer.
    pub fn experts(&self, layer: usize) -> usize {
        self.layers.get(layer).map_or(0, |layer| layer.info.experts)
    }

    /// The method of a layer, if it is known: the one that the layer names, otherwise the model's.
    pub fn method(&self, layer: usize) -> Option<&'static Method> {
        let info = self.layers.get(layer).map(|layer| &layer.info);
        match info {
            Some(info) if info.experts == 1 => Some(&methods::DENSE),
            info => info.and_then(LayerInfo::named).or_else(|| self.model.method()),
        }
    }
}
