//! Keys, values and the routers' memory of the tokens so far, so that a further token costs one token and a text whose beginning is known
//! costs only its end.

use crate::router::Carry;
use burn::tensor::Tensor;

/// What every layer keeps of one sequence.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    pub(super) layers: Vec<LayerCache>,
    pub(super) carries: Vec<Carry>,
    pub(super) ids: Vec<u32>,
    /// The sequence's task, for routers that know tasks: one number, or none.
    pub tasks: Vec<usize>,
}

impl Cache {
    /// An empty cache for a model of `layers` blocks.
    pub fn new(layers: usize) -> Self {
        Self {
            layers: vec![LayerCache::default(); layers],
            carries: vec![Carry::default(); layers],
            ids: Vec::new(),
            tasks: Vec::new(),
        }
    }

    /// Tokens in it.
    pub fn len(&self) -> usize {
        self.layers.first().map_or(0, LayerCache::len)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets all but the first `len` tokens.
    pub fn truncate(&mut self, len: usize) {
        for layer in &mut self.layers {
            layer.truncate(len);
        }
        for carry in &mut self.carries {
            carry.truncate(len);
        }
        self.ids.truncate(len);
    }
}

/// One layer's keys (turned to their positions) and values, each [len, kv_heads * D].
#[derive(Clone, Debug, Default)]
pub struct LayerCache(Option<(Tensor<2>, Tensor<2>)>);

impl LayerCache {
    pub(super) fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |(keys, _)| keys.dims()[0])
    }

    /// Adds rows and gives all.
    pub(super) fn extend(&mut self, keys: Tensor<2>, values: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let all = match self.0.take() {
            None => (keys, values),
            Some((old_keys, old_values)) => {
                (Tensor::cat(vec![old_keys, keys], 0), Tensor::cat(vec![old_values, values], 0))
            }
        };
        self.0 = Some(all.clone());
        all
    }

    fn truncate(&mut self, len: usize) {
        if len == 0 {
            self.0 = None;
        } else if len < self.len() {
            self.0 = self.0.take().map(|(keys, values)| (keys.narrow(0, 0, len), values.narrow(0, 0, len)));
        }
    }
}
