"""Writes tests/fixtures/deepseek_v4.json: the routers of DeepSeek-V4's hash layers and of its later ones.

    python tests/reference/deepseek_v4_fixture.py

The formulas as transformers releases them (`models/deepseek_v4/modular_deepseek_v4.py`, `DeepseekV4HashRouter` and
`DeepseekV4TopKRouter`), in double precision with plain loops: s = sqrt(softplus(x W)); a hash layer's experts are `tid2eid[token id]`, a
later layer's the k largest s + b; the weights are s of the chosen over their sum, times the scaling factor. The gradient with respect to
W is a central finite difference at fixed choices, and the released modules must say the same: they are the second witness.
The bias's movement is not in transformers; it follows Wang et al. 2024 (arXiv:2408.15664), as DeepSeek-V3's does.
"""

import math

import numpy as np
import torch
from transformers import DeepseekV4Config
from transformers.models.deepseek_v4.modeling_deepseek_v4 import DeepseekV4HashRouter, DeepseekV4TopKRouter

from common import SplitMix, descending, differences, plain, write_cases

# hash layer, tokens, experts, width, experts for a token, scaling factor, size of the bias, size of the scores
SHAPES = (
    (True, 1, 4, 6, 2, 1.5, 0.0, 1.0),
    (True, 9, 8, 5, 3, 1.5, 0.0, 1.0),
    (True, 12, 16, 8, 1, 2.5, 0.0, 4.0),
    (True, 6, 4, 5, 4, 1.0, 0.0, 12.0),
    (False, 9, 8, 5, 3, 1.5, 0.2, 1.0),
    (False, 12, 16, 8, 3, 2.5, 0.5, 4.0),
    (False, 7, 5, 4, 1, 1.0, 0.3, 12.0),
)
VOCABULARY = 11
SPEED = 0.01
EPS = 1e-20


def score(logit):
    return math.sqrt(max(logit, 0.0) + math.log1p(math.exp(-abs(logit))))


def hashed(token, experts, k):
    """moescope's own table: different experts, drawn with SplitMix64 from the token id."""
    stream = SplitMix(SplitMix(token).bits())
    drawn = []
    while len(drawn) < k:
        expert = stream.bits() * experts >> 64
        if expert not in drawn:
            drawn.append(expert)
    return drawn


def weights(scores, chosen, scaling):
    total = sum(scores[e] for e in chosen) + EPS
    return [scores[e] / total * scaling for e in chosen]


def witness(hash_layer, x, gate, ids, table, bias, k, scaling):
    """Experts, and weights by expert, of the released module."""
    config = DeepseekV4Config(
        hidden_size=x.shape[1],
        n_routed_experts=len(gate),
        num_experts_per_tok=k,
        vocab_size=VOCABULARY,
        routed_scaling_factor=scaling,
    )
    assert config.scoring_func == "sqrtsoftplus"
    router = (DeepseekV4HashRouter if hash_layer else DeepseekV4TopKRouter)(config).double()
    with torch.no_grad():
        router.weight.copy_(torch.tensor(gate))
        if hash_layer:
            router.tid2eid.copy_(torch.tensor(table))
        else:
            router.e_score_correction_bias.copy_(torch.tensor(bias))
    states = torch.tensor(x)
    _, chosen_weights, chosen = router(states, torch.tensor(ids)) if hash_layer else router(states)
    return chosen, chosen_weights, router


def case(number, hash_layer, tokens, experts, width, k, scaling, size, spread):
    noise = SplitMix(40 + number)
    x, gate = np.array(noise.table(tokens, width)), np.array(noise.table(experts, width)) * spread / math.sqrt(width)
    pull = np.array(noise.table(tokens, k))
    bias = np.array(noise.table(1, experts)[0]) * size
    ids = [noise.bits() % VOCABULARY for _ in range(tokens)]
    table = [hashed(token, experts, k) for token in range(VOCABULARY)]

    def scored(gate):
        logits = x @ gate.T
        return logits, [[score(logit) for logit in row] for row in logits]

    logits, scores = scored(gate)
    chosen = []
    for row, token in zip(scores, ids):
        asked = table[token] if hash_layer else descending([s + b for s, b in zip(row, bias)])[:k]
        chosen.append(sorted(asked, key=lambda e: -row[e]))
    weight = [weights(row, own, scaling) for row, own in zip(scores, chosen)]

    def pulled(gate):
        _, scores = scored(gate)
        return sum(np.dot(weights(row, own, scaling), p) for row, own, p in zip(scores, chosen, pull))

    gradient = differences(pulled, gate, 1e-6)

    released, released_weights, router = witness(hash_layer, x, gate, ids, table, bias, k, scaling)
    total = 0.0
    for t in range(tokens):
        own = {int(e): float(w) for e, w in zip(released[t], released_weights[t])}
        assert set(own) == set(chosen[t]), (number, t)
        assert all(abs(own[e] - w) < 1e-6 for e, w in zip(chosen[t], weight[t])), (number, t)
        by_expert = dict(zip(chosen[t], pull[t]))
        total = total + sum(w * by_expert[int(e)] for e, w in zip(released[t], released_weights[t]))
    total.backward()
    assert np.allclose(router.weight.grad.numpy(), gradient, atol=1e-5), number

    loads = [sum(e in own for own in chosen) for e in range(experts)]
    mean = tokens * k / experts
    moved = [b + SPEED * ((load < mean) - (load > mean)) for b, load in zip(bias, loads)]
    return {
        "top_k": k,
        "scaling": scaling,
        "x": x,
        "ids": ids,
        "gate": gate,
        "table": table if hash_layer else [],
        "bias": [] if hash_layer else bias,
        "pull": pull,
        "logits": logits,
        "probs": scores,
        "experts": chosen,
        "weights": weight,
        "gradient": gradient,
        "speed": SPEED,
        "moved": [] if hash_layer else moved,
    }


def main():
    write_cases("deepseek_v4.json", [plain(case(number, *shape), 9) for number, shape in enumerate(SHAPES)])


if __name__ == "__main__":
    main()
