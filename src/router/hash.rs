//! Hash layers: no router at all, a fixed function of the token decides (Roller, Sukhbaatar, Szlam and Weston 2021, "Hash
//! Layers For Large Sparse Models", arXiv:2106.04426, section 2, eq. 3 for the gate that the hash replaces, and under "Hash
//! Functions" for the kinds).
//!
//! `h = FFN_hash(x)`, weight 1, no auxiliary loss. There are no logits and no scores: `logits` are zeros and `probs` are 1
//! for the chosen expert, 0 for the others. Which expert, by [`HashKind`]:
//!
//! - random, balanced, clustered, dispersed: `table[id]`
//! - previous: `table[previous id]`; at a sequence's beginning the token with id 0 stands in
//! - position: a hash of the place in the sequence, modulo E; no table
//! - oracle: `table[next id]`, which is cheating. The last token of a sequence has no next one here, and takes `table[id]`
//!
//! The table [V] holds expert numbers. It is not trained, begins as a hash of the id modulo E, and is the same in every
//! layer; the kinds that need statistics get theirs from `train::hash_tables` ([`Hash::with_table`]).
//!
//! All kinds are causal but the oracle. [`Mode::Infer`] must not know the next token, so there the oracle routes by
//! `table[id]`; only [`Mode::Published`] and [`Mode::Train`] show what it is about, and a model trained with it is to be
//! measured in [`Mode::Published`]. For the other kinds all modes are the same.
//!
//! Where we deviate: the authors hash at random once and keep the table, while ours is computed (SplitMix64), so that it
//! is the same everywhere; hash layers replace every feed-forward network here instead of some.

use super::readback::upload;
use super::weights::{Init, RouterShape, Weight, WeightSource, vector};
use super::{Context, Mode, Router, RouterSettings, Routing, select};
use crate::error::ModelError;
use crate::methods::{self, Method};
use crate::random::Random;
use crate::run;
use crate::trace::Constants;
use burn::module::{Module, Param};
use burn::tensor::{Int, Tensor, TensorData};
use serde::{Deserialize, Serialize};

/// The rule of a hash layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HashSettings {
    /// What decides.
    pub kind: HashKind,
}

impl RouterSettings for HashSettings {
    fn of_run(run: &run::Settings) -> Self {
        let kind = HashKind::ALL.into_iter().find(|kind| kind.method() == run.method);
        Self { kind: kind.unwrap_or(HashKind::Random) }
    }

    fn shown(&self) -> Constants {
        Constants { hash: Some(self.kind.name().to_owned()), ..Constants::default() }
    }

    fn method(&self) -> Option<&'static Method> {
        Some(self.kind.method())
    }
}

/// What a hash layer looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HashKind {
    /// The token, hashed at random.
    Random,
    /// The token, spread so that the experts get about the same number of tokens of the training text.
    Balanced,
    /// The token's cluster among the embeddings of a trained model: similar tokens go together.
    Clustered,
    /// The token, with similar tokens spread over different experts.
    Dispersed,
    /// The token before.
    Previous,
    /// The place in the sequence.
    Position,
    /// The token that comes next, which a model that has to predict it cannot know.
    Oracle,
}

impl HashKind {
    /// All of them.
    const ALL: [Self; 7] =
        [Self::Random, Self::Balanced, Self::Clustered, Self::Dispersed, Self::Previous, Self::Position, Self::Oracle];

    /// The method that it is.
    pub fn method(self) -> &'static Method {
        match self {
            Self::Random => &methods::HASH_RANDOM,
            Self::Balanced => &methods::HASH_BALANCED,
            Self::Clustered => &methods::HASH_CLUSTERED,
            Self::Dispersed => &methods::HASH_DISPERSED,
            Self::Previous => &methods::HASH_PREVIOUS,
            Self::Position => &methods::HASH_POSITION,
            Self::Oracle => &methods::HASH_ORACLE,
        }
    }

    /// Its name, as in `config.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Balanced => "balanced",
            Self::Clustered => "clustered",
            Self::Dispersed => "dispersed",
            Self::Previous => "previous",
            Self::Position => "position",
            Self::Oracle => "oracle",
        }
    }
}

/// The table, if the kind has one.
#[derive(Module, Debug)]
pub struct Hash {
    /// Expert numbers, [V]; `None` for [`HashKind::Position`].
    pub table: Option<Param<Tensor<1>>>,
    #[module(skip)]
    kind: HashKind,
    #[module(skip)]
    experts: usize,
}

/// What the table of a new model holds before it is made.
const UNSET: f64 = -1.0;

impl Hash {
    /// The same with this table, one expert for each token id, [V]. No effect without a table.
    #[must_use]
    pub fn with_table(self, table: &[u16]) -> Self {
        let values: Vec<f32> = table.iter().map(|&expert| f32::from(expert)).collect();
        let fill = |old: Param<Tensor<1>>| {
            let device = old.val().device();
            complete(
                Param::from_tensor(Tensor::from_data(TensorData::new(values, [table.len()]), &device)),
                self.experts,
            )
        };
        Self { table: self.table.map(fill), ..self }
    }

    /// What decides.
    pub fn kind(&self) -> HashKind {
        self.kind
    }

    /// Experts, E.
    pub fn experts(&self) -> usize {
        self.experts
    }

    /// The id whose table entry decides, for each token.
    fn keys(&self, context: &Context<'_>) -> Vec<usize> {
        let own = |at: usize| context.ids[at];
        let ahead = self.kind == HashKind::Oracle && context.mode != Mode::Infer;
        let len = context.len();
        let key = |at: usize| match self.kind {
            HashKind::Previous => context.previous[at].unwrap_or(0),
            HashKind::Oracle if ahead && !(at + 1).is_multiple_of(len) => own(at + 1),
            _ => own(at),
        };
        (0..context.ids.len()).map(|at| key(at) as usize).collect()
    }
}

/// Expert of a number that has no table entry: a token id, or a place.
pub fn hashed(number: u64, experts: usize) -> usize {
    // Two rounds: the first of neighbouring seeds are not far apart in all bits.
    let seed = Random::new(number).bits();
    Random::new(seed).below(experts)
}

/// Puts hashes where a table has no entry, and keeps the others within 0..E, so that no file can name an expert that is
/// not there.
fn complete(table: Param<Tensor<1>>, experts: usize) -> Param<Tensor<1>> {
    let raw = table.val().detach();
    let (len, device) = (raw.dims()[0], raw.device());
    let values: Vec<f32> = (0..len).map(|id| hashed(id as u64, experts) as f32).collect();
    let hashes = Tensor::<1>::from_data(TensorData::new(values, [len]), &device);
    let unset = raw.clone().lower_elem(0.0);
    let most = experts.saturating_sub(1) as f32;
    Param::from_tensor(raw.clamp(0.0, most).mask_where(unset, hashes).detach())
}

impl Router for Hash {
    type Settings = HashSettings;

    const METHOD: &'static Method = &methods::HASH;

    fn build(settings: &HashSettings, shape: RouterShape, source: &mut dyn WeightSource) -> Result<Self, ModelError> {
        let kind = settings.kind;
        let table = match kind {
            HashKind::Position => None,
            _ => Some(source.vector("table", shape.vocabulary, Init::Constant(UNSET))?),
        };
        let table = table.map(|table| complete(table, shape.experts));
        Ok(Self { table, kind, experts: shape.experts })
    }

    fn route(&self, x: Tensor<2>, context: &mut Context<'_>) -> Routing {
        let (tokens, device) = (x.dims()[0], x.device());
        let experts: Tensor<1, Int> = match &self.table {
            Some(table) => table.val().detach().select(0, upload(self.keys(context).into_iter(), &x)).int(),
            None => {
                let place = |at: usize| (context.start + at % context.len()) as u64;
                upload((0..tokens).map(|at| hashed(place(at), self.experts)), &x)
            }
        };
        let experts = experts.unsqueeze_dim::<2>(1);
        let probs = select::chosen(experts.clone(), self.experts);
        let logits = Tensor::zeros([tokens, self.experts], &device);
        Routing::new(logits, probs, experts, Tensor::ones([tokens, 1], &device))
    }

    fn weights(&self) -> Vec<Weight> {
        self.table.iter().map(|table| vector("table", table)).collect()
    }
}
