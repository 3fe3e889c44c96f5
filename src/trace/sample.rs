//! Made-up traces for tests only; the page never shows one.

use super::conventions::Convention;
use super::{Candidate, Computed, Counts, LayerInfo, LayerTrace, Matrix, ModelInfo, SCHEMA, Token, Trace};

/// A stream of numbers that look random and are the same every time.
pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mixed = (self.0 ^ (self.0 >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        mixed ^ (mixed >> 29)
    }

    /// From 0 to 1.
    pub(crate) fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1_u64 << 24) as f32
    }
}

/// A sound trace of the wanted shape, routed as Mixtral does.
pub(crate) fn trace(tokens: usize, layers: usize, experts: usize, top_k: usize) -> Trace {
    const WORDS: [&str; 18] = [
        "The",
        " light",
        "house",
        " keeper",
        "'s",
        " daughter",
        " counted",
        " 17",
        " gulls",
        " before",
        " breakfast",
        ",",
        " and",
        " wrote",
        " each",
        " one",
        " down",
        ".",
    ];
    let mut text = String::new();
    let tokens: Vec<Token> = (0..tokens)
        .map(|t| {
            let (start, word) = (text.len(), WORDS[t % WORDS.len()]);
            text.push_str(word);
            Token { id: (t % WORDS.len()) as u32, text: word.to_owned(), start, end: text.len() }
        })
        .collect();
    let mut noise = Noise(7);
    let layers: Vec<_> = (0..layers).map(|block| layer(block, tokens.len(), experts, top_k, &mut noise)).collect();
    Trace {
        schema: SCHEMA.to_owned(),
        model: ModelInfo {
            name: "made-up".to_owned(),
            checkpoint: None,
            router: "mixtral".to_owned(),
            layers: layers.len(),
            experts,
            top_k,
            hidden: Some(128),
            blocks: None,
            convention: "softmax over the kept logits".to_owned(),
            computed: Computed::Sparse,
            looks_ahead: false,
            task: None,
            constants: super::Constants::default(),
        },
        text,
        tokens,
        layers,
        next: vec![Candidate { id: 3, text: " keeper".to_owned(), prob: 0.25 }],
        predictions: Vec::new(),
        losses: Vec::new(),
        device: None,
        build: None,
        sampling: None,
        interventions: Vec::new(),
    }
}

/// A trace whose layers differ: one of 4 experts and 1 choice, one of 8 experts and 2.
pub(crate) fn mixed(tokens: usize) -> Trace {
    let mut trace = trace(tokens, 1, 8, 2);
    trace.layers.insert(0, layer(0, tokens, 4, 1, &mut Noise(11)));
    trace.layers[1].block = 1;
    trace.model.layers = 2;
    trace
}

/// The same layers as another program might record them: who each token went to, and nothing that a gate computed.
pub(crate) fn ids_only(tokens: usize) -> Trace {
    let mut trace = mixed(tokens);
    let model = &mut trace.model;
    (model.router, model.convention, model.hidden) = (String::new(), String::new(), None);
    model.computed = Computed::NotRecorded;
    trace.next.clear();
    for layer in &mut trace.layers {
        (layer.logits, layer.probs, layer.weights, layer.dropped) = (None, None, None, None);
    }
    trace
}

/// Counts of 100 tokens in a layer of four experts with two choices each, and no tokens.
pub(crate) fn counted() -> Trace {
    let mut trace = trace(0, 1, 4, 2);
    let layer = &mut trace.layers[0];
    (layer.logits, layer.probs, layer.weights, layer.dropped) = (None, None, None, None);
    layer.counts = Some(Counts { tokens: 100, load: vec![80, 70, 50, 0] });
    trace.next.clear();
    trace
}

/// Two tokens with two of eight experts each, whose scores lie so far apart that softmax is exactly 1 and 0: already
/// e^-746 is below the smallest `f64`. The first chooses E3 and E5, the second E1 and E8.
pub(crate) fn saturated() -> Trace {
    let mut trace = trace(2, 1, 8, 2);
    trace.model.router = "conventions".to_owned();
    trace.model.convention = Convention::Olmoe.words().to_owned();
    let mut probs = vec![0.0; 16];
    (probs[2], probs[8]) = (1.0, 1.0);
    let logits = vec![
        -9000.5, -7012.0, -1206.42, -8100.0, -3471.0, -6000.0, -5210.25, -4000.75, //
        5210.5, -3.0, 12.0, 1100.0, 0.0, 902.25, -4400.0, 2100.0,
    ];
    let matrix = |values| Matrix::new(8, values);
    let layer = &mut trace.layers[0];
    (layer.logits, layer.probs) = (matrix(logits), matrix(probs));
    layer.experts = Matrix::new(2, vec![2, 4, 0, 7]).unwrap_or_default();
    layer.weights = Matrix::new(2, vec![1.0, 0.0, 1.0, 0.0]);
    trace
}

fn layer(block: usize, tokens: usize, experts: usize, top_k: usize, noise: &mut Noise) -> LayerTrace {
    let mut layer = LayerTrace {
        block,
        info: LayerInfo { method: None, experts, top_k },
        logits: None,
        probs: None,
        experts: Matrix::empty(top_k),
        weights: None,
        dropped: None,
        capacity: None,
        extra: Matrix::default(),
        attention: None,
        counts: None,
    };
    let (mut all_logits, mut all_probs) = (Matrix::empty(experts), Matrix::empty(experts));
    let (mut all_weights, mut all_dropped) = (Matrix::empty(top_k), Matrix::empty(top_k));
    let taste: Vec<f32> = (0..experts).map(|_| 1.2 * noise.unit()).collect();
    for _ in 0..tokens {
        let logits: Vec<f32> = taste.iter().map(|taste| taste + 3.0 * noise.unit()).collect();
        let sum: f32 = logits.iter().map(|x| x.exp()).sum();
        let probs: Vec<f32> = logits.iter().map(|x| x.exp() / sum).collect();
        let mut order: Vec<u16> = (0..experts as u16).collect();
        order.sort_by(|&a, &b| logits[usize::from(b)].total_cmp(&logits[usize::from(a)]));
        order.truncate(top_k);
        let kept: f32 = order.iter().map(|&e| probs[usize::from(e)]).sum();
        let weights: Vec<f32> = order.iter().map(|&e| probs[usize::from(e)] / kept).collect();
        all_logits.push(&logits);
        all_probs.push(&probs);
        layer.experts.push(&order);
        all_weights.push(&weights);
        all_dropped.push(&vec![false; top_k]);
    }
    (layer.logits, layer.probs) = (Some(all_logits), Some(all_probs));
    (layer.weights, layer.dropped) = (Some(all_weights), Some(all_dropped));
    layer
}
