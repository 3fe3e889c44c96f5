//! The lessons. What they say of a paper is what the method's file in `src/router` says of it, with its section.

use super::Kind;
use super::lesson::Lesson;
use crate::trace::conventions::Convention;

const LESSONS: [Lesson; 17] = [
    Lesson {
        kind: Kind::Dense,
        what: "Every token goes through the one feed-forward network. Nothing is chosen, so nothing can be uneven, and every parameter is paid for with every token.",
        formula: "y = E_1(x)",
        score: "none",
        selection: "none",
        weight: "1",
        balance: "nothing to balance",
        look: "What each block holds, and the bars below: how much of it a token uses, and what that costs. Then compare the bits per byte.",
        cannot: "It cannot hold more than it uses: more parameters cost more for every token.",
        ahead: "",
    },
    Lesson {
        kind: Kind::Jacobs,
        what: "A softmax gate gives every expert a share of every input, and the output is the blend. The paper is about the error that makes experts compete: each is compared with the target by itself, so whoever is closest learns most: E = −log Σ p_i exp(−½ |d − o_i|²). The co-operative error, |d − Σ p_i o_i|², only asks for a good blend.",
        formula: "p = softmax(W x),  y = Σ p_i E_i(x)",
        score: "softmax over all experts",
        selection: "none: all are used",
        weight: "p",
        balance: "none",
        look: "How unequal a token’s shares are: a gate that gave one expert everything would be a choice.",
        cannot: "It saves nothing, since all experts are computed. As a layer inside a language model its experts have no targets of their own, so here they learn together, through the blend. Compare’s list of claims has what changes when those of the last layer compete for the next token.",
        ahead: "",
    },
    Lesson {
        kind: Kind::Tree,
        what: "A tree of gates: the first gives each branch a share, a gate in every branch gives each of its leaves one. A leaf’s share is the product. The paper fits the tree by expectation and maximisation; here it learns by the gradient.",
        formula: "y = Σ_i g_i Σ_j g_j|i E_ij(x)",
        score: "softmax at every node",
        selection: "none: all leaves are used",
        weight: "g_i × g_j|i",
        balance: "none",
        look: "Whether the first gate has decided already, or the leaves still differ.",
        cannot: "It saves nothing: all leaves are computed.",
        ahead: "",
    },
    Lesson {
        kind: Kind::Shazeer,
        what: "Only the k experts with the largest scores are computed. In training noise of a learnt size is added to the scores, so that others get a chance, and two losses keep importance and load even. Outside training there is no noise.",
        formula: "H = x W + N(0, 1) · softplus(x W_noise),  G = softmax(top k of H)",
        score: "logit, with learnt noise in training",
        selection: "the k largest",
        weight: "softmax over the kept, Σ = 1",
        balance: "squared variation of importance and of load",
        look: "The dashed cut: what lies below it costs nothing. Then importance and load: two experts may be chosen as often, and one still weigh more.",
        cannot: "Without its balancing losses a few experts take nearly everything: the paper measured a largest load of 17.8 times the mean (table 6).",
        ahead: "",
    },
    Lesson {
        kind: Kind::NoisyTree,
        what: "Two levels of noisy top-k gates: the first chooses groups, and in every chosen group a gate of its own chooses experts. The weight is the product of both gates.",
        formula: "y = Σ_i Σ_j G_primary(x)_i G_i(x)_j E_ij(x)",
        score: "logits of two levels, with noise in training",
        selection: "the best groups, then the best in each",
        weight: "product of both softmaxes over the kept",
        balance: "importance and load over all experts",
        look: "A good expert in a group that was not chosen is out of reach.",
        cannot: "Every chosen group gives as many experts as the others: a third good one in it is out of reach, and a weaker one of the other group is taken instead. A gate that keeps a single choice weighs it 1 and learns nothing from the model’s loss, so two or more are kept at both levels.",
        ahead: "",
    },
    Lesson {
        kind: Kind::Gshard,
        what: "The two best experts of each token, and each expert takes only so many tokens of a group. Who comes too late is dropped there; if both choices are, only the residual stream carries the token on. In training the second expert is tried with probability 2 g2 only.",
        formula: "g = softmax(W x),  w = g_1 / (g_1 + g_2), g_2 / (g_1 + g_2)",
        score: "softmax over all experts",
        selection: "the two largest, each where there is room",
        weight: "divided by the sum of both, 0 if dropped",
        balance: "loss of shares times mean scores; capacity 2 N / E in a group of N tokens",
        look: "The line at capacity: what lies behind it was dropped. A text much shorter than a group seldom fills a queue: paste a few paragraphs.",
        cannot: "It cannot promise a token its expert: the loads of a text decide.",
        ahead: "As published all first choices of a group take their places before any second one, so later tokens count. Left to right, and in generation, each token takes its places as it comes.",
    },
    Lesson {
        kind: Kind::Switch,
        what: "One expert for a token, with a capacity: an expert takes factor × group / E tokens of a group, and a token that finds its expert full is dropped. A group is a large mixed batch in the paper, and less than 1 % is dropped there; here it is a stretch of one text, whose tokens want the same experts, and far more are. The weight is the probability itself.",
        formula: "p = softmax(W x),  y = p_i(x) E_i(x),  i the largest",
        score: "softmax over all experts",
        selection: "the largest, where there is room",
        weight: "p, not renormalised, 0 if dropped",
        balance: "loss E Σ f P, and the capacity",
        look: "The queues: places are given left to right, so only late tokens of a group are dropped. A text much shorter than a group seldom fills a queue: paste a few paragraphs.",
        cannot: "It cannot renormalise: one weight divided by itself is 1, and the gate would get no gradient.",
        ahead: "",
    },
    Lesson {
        kind: Kind::Base,
        what: "Routing as an assignment: in training every expert gets exactly T / E tokens, such that the sum of all affinities is the largest possible. No loss is needed to keep the load even. Afterwards each token takes its best expert.",
        formula: "α = σ(h · w_e),  y = α E(h)",
        score: "affinity h · w_e",
        selection: "balanced assignment in training, the largest afterwards",
        weight: "σ of the chosen affinity",
        balance: "exact in training, by construction",
        look: "With “balanced” on: dashed are the experts that tokens wanted, solid those that they got.",
        cannot: "It cannot assign a text in balance that is not finished.",
        ahead: "Balanced as in training (there over a whole batch, here over this text), a later token can push an earlier one to another expert. Left to right, in generation and in the paper’s own tests, each token takes its best expert.",
    },
    Lesson {
        kind: Kind::Hash,
        what: "No gate at all: a rule fixed before training says which expert a token goes to. The kinds differ in the key that it looks at: the token itself (its expert drawn at random, dealt out evenly, or shared with tokens of similar meaning), the token before, the place, or (cheating) the token that comes next.",
        formula: "y = E_h(x),  h = hash(key)",
        score: "none",
        selection: "by the key",
        weight: "1",
        balance: "by how the rule is made",
        look: "The same key always has the same expert, in every layer. The line of arithmetic names the key: only where that is the token itself does a token always go the same way.",
        cannot: "It cannot learn to route. Of the context it sees the key, and no more.",
        ahead: "Only the oracle looks ahead: as published it routes by the token that has to be predicted. Left to right, and in generation, it can only use the token itself.",
    },
    Lesson {
        kind: Kind::Policy,
        what: "A policy, learnt by reinforcement (here by REINFORCE, in the paper by a weighted policy learner for several tasks), picks one function block at every depth, or passes. There is one policy for each task; here a task is a domain of the training text. All tokens of a text take the same block. In the paper a block’s output takes the place of its input; here, as in every model of this page, it is added to it.",
        formula: "a = most likely of π_task,  y = E_a(x), or x unchanged for pass",
        score: "the policy’s probabilities π",
        selection: "sampled in training, the most likely afterwards",
        weight: "1, or 0 for pass",
        balance: "none; a reward for blocks that other tasks use too",
        look: "Whether domains have blocks of their own, or the policy has collapsed onto one.",
        cannot: "It cannot send two tokens of one text to different blocks. It has to be told the domain: below the picture you can say it. If nobody does, the mean of all policies decides.",
        ahead: "",
    },
    Lesson {
        kind: Kind::ExpertChoice,
        what: "Experts pick tokens: each takes the c = n × factor / E tokens of its group with the largest scores. Every expert has the same load; a token may have several experts, or none.",
        formula: "S = softmax(x W),  each expert the c largest of its column",
        score: "softmax over all experts",
        selection: "each expert its best tokens",
        weight: "S, not renormalised",
        balance: "exact, by construction",
        look: "How many experts a token has: as published some have none (the last row) and some many; left to right every token has as many as the capacity factor says.",
        cannot: "It cannot be used as it is to write text: whether a token is picked depends on tokens that are not there yet.",
        ahead: "As published experts pick among all tokens of a group, later ones included. Left to right, and in generation, a token takes its own best experts instead: another rule, with no balance, and the model was not trained with it.",
    },
    Lesson {
        kind: Kind::SoftMoe,
        what: "Nothing is chosen: each expert computes a few mixtures of all tokens (slots), and each token gets a mixture of all outputs. Everything has a gradient, and nothing is dropped.",
        formula: "D = softmax over tokens,  C = softmax over slots,  Y = C f(Dᵀ X)",
        score: "product of normalised x and slot vectors",
        selection: "none",
        weight: "each expert’s share in C",
        balance: "exact, by construction",
        look: "With “as published” on: which tokens an expert’s slots are mixed of.",
        cannot: "It cannot be used as it is to write text: slots mix earlier tokens with later ones.",
        ahead: "As published the slots mix all tokens of a group. Left to right, and in generation, every token is a group of its own, so its slots hold just this token; the model was not trained so.",
    },
    Lesson {
        kind: Kind::Mixtral,
        what: "One linear layer scores the experts, the k largest scores are kept, and softmax over those gives the weights. A loss keeps the load even in training; nothing is ever dropped.",
        formula: "y = Σ softmax(top k of x W)_i E_i(x)",
        score: "logit",
        selection: "the k largest",
        weight: "softmax over the kept, Σ = 1",
        balance: "loss of shares times mean scores",
        look: "The cut, and the conventions under it: the same scores give other weights, and other gradients, in another order of softmax and choice.",
        cannot: "What an expert that was not kept would have done, nothing tells the gate: through this token’s output only the kept scores get a gradient.",
        ahead: "",
    },
    Lesson {
        kind: Kind::Today(Convention::Olmoe),
        what: "Softmax over all experts comes first, the k largest probabilities are kept, and they are the weights as they are. A loss keeps the load even in training; nothing is ever dropped.",
        formula: "p = softmax(x W),  w_i = p_i of the k largest",
        score: "softmax over all experts",
        selection: "the k largest",
        weight: "p itself, Σ < 1",
        balance: "loss of shares times mean scores",
        look: "The sum of the weights: where the gate is unsure it is small, and so is what the layer adds to the stream.",
        cannot: "It cannot keep the size of a layer’s output apart from how sure the gate is: the weights say both.",
        ahead: "",
    },
    Lesson {
        kind: Kind::Today(Convention::Qwen3Moe),
        what: "Softmax over all experts comes first, the k largest probabilities are kept and divided by their sum. The weights are then the same numbers as Mixtral’s, which takes softmax over the kept scores alone.",
        formula: "p = softmax(x W),  w_i = p_i / Σ p of the k largest",
        score: "softmax over all experts",
        selection: "the k largest",
        weight: "p divided by the sum of the kept, Σ = 1",
        balance: "loss of shares times mean scores",
        look: "The first and the third row of the conventions: two ways, one result. Only without the division do they part.",
        cannot: "What an expert that was not kept would have done, nothing tells the gate: the division takes its share of the softmax out again.",
        ahead: "",
    },
    Lesson {
        kind: Kind::Today(Convention::GptOss),
        what: "The linear layer that scores the experts has a bias, learnt with everything else: an expert’s head start, the same for every token. The k largest scores are kept, and softmax over those gives the weights. gpt-oss keeps four.",
        formula: "y = Σ softmax(top k of x W + b)_i E_i(x)",
        score: "logit with a learnt bias",
        selection: "the k largest",
        weight: "softmax over the kept, Σ = 1",
        balance: "loss of shares times mean scores here",
        look: "The bias under the cut: move it, and see the choice change, and the weight with it.",
        cannot: "The bias cannot balance without being felt: unlike DeepSeek’s it counts in the weight too, and the model’s loss moves it.",
        ahead: "",
    },
    Lesson {
        kind: Kind::Deepseek,
        what: "Many small experts beside a shared one that sees every token: that is DeepSeekMoE’s, which scored by softmax and balanced by losses. The rest here is later, from loss-free balancing and DeepSeek-V3: scores are sigmoids, and a bias, moved after every step towards an even load, takes part in the choice but not in the weight, so balance disturbs no gradient.",
        formula: "s = σ(x W),  choose by s + b,  w_i = s_i / Σ s of the chosen",
        score: "sigmoid",
        selection: "the k largest s + b",
        weight: "s divided by the sum of the chosen, without b",
        balance: "b += u · sign(mean load − load), no loss here (DeepSeek-V3 keeps a small one)",
        look: "Where the bias decided: dashed would have been chosen by score alone.",
        cannot: "The bias only balances what training saw; your text may still fall unevenly.",
        ahead: "",
    },
];

/// The lesson of a method; `None` where the page has none.
pub fn lesson(kind: Kind) -> Option<&'static Lesson> {
    LESSONS.iter().find(|lesson| lesson.kind == kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_has_one_lesson_that_is_whole() {
        let kinds = [
            Kind::Dense,
            Kind::Jacobs,
            Kind::Tree,
            Kind::Shazeer,
            Kind::NoisyTree,
            Kind::Gshard,
            Kind::Switch,
            Kind::Base,
            Kind::Hash,
            Kind::Policy,
            Kind::ExpertChoice,
            Kind::SoftMoe,
            Kind::Mixtral,
            Kind::Today(Convention::Olmoe),
            Kind::Today(Convention::Qwen3Moe),
            Kind::Today(Convention::GptOss),
            Kind::Deepseek,
        ];
        assert_eq!(LESSONS.len(), kinds.len());
        for kind in kinds {
            let l = lesson(kind).unwrap_or_else(|| panic!("{kind:?} has no lesson"));
            for part in [l.what, l.formula, l.score, l.selection, l.weight, l.balance, l.look, l.cannot] {
                assert!(!part.is_empty(), "{kind:?}: {l:?}");
            }
            let ahead = matches!(kind, Kind::Base | Kind::Gshard | Kind::ExpertChoice | Kind::SoftMoe | Kind::Hash);
            assert_eq!(!l.ahead.is_empty(), ahead, "{kind:?}");
        }
        assert_eq!(lesson(Kind::Other), None);
    }
}
