"""Writes tests/fixtures/soft_moe.json: a whole Soft MoE layer in double precision, from the paper's formulas.

    python tests/reference/soft_moe_fixture.py

Puigcerver et al. 2023 (arXiv:2308.00951), section 2, with the normalisation as in the authors' code: x / sqrt(sum x^2 + 1e-6)
for tokens and for Phi, and a learnt scale. Experts are SwiGLU networks. Plain loops over groups, slots and tokens, and
central finite differences for the gradients. `causal` holds the variant in which every token is a group of its own.
"""

import numpy as np

from common import differences, plain, softmax, write_cases

# sequences, tokens of each, experts, slots of each, width, inner width, tokens in a group
SHAPES = ((1, 1, 3, 2, 4, 3, 8), (1, 6, 3, 2, 4, 3, 6), (2, 7, 2, 3, 4, 2, 3), (3, 4, 4, 1, 5, 2, 64))
STEP = 1e-6


def unit(v):
    return v / np.sqrt((v**2).sum() + 1e-6)


def slot_logits(x, phi, scale):
    return np.array([[scale * unit(token) @ unit(slot) for slot in phi] for token in x])


def expert(x, w1, w3, w2):
    gate = w1 @ x
    return w2 @ (gate / (1 + np.exp(-gate)) * (w3 @ x))


def layer(x, phi, scale, weights, batch, slots, group):
    """Outputs of all tokens, and what was mixed into which slots."""
    h = slot_logits(x, phi, scale)
    y, length, mixings = np.zeros_like(x), len(x) // batch, []
    for sequence in range(batch):
        for start in range(0, length, group):
            members = [sequence * length + place for place in range(start, min(start + group, length))]
            dispatch = np.array([softmax(h[members, s]) for s in range(len(phi))])
            outputs = [expert(dispatch[s] @ x[members], *weights[s // slots]) for s in range(len(phi))]
            for t in members:
                y[t] = sum(c * out for c, out in zip(softmax(h[t]), outputs))
            mixings.append(dispatch)
    return y, mixings


def case(batch, length, experts, slots, width, inner, group, rng):
    x, phi = rng.normal(size=(batch * length, width)), rng.normal(size=(experts * slots, width))
    scale, pull = np.array([rng.uniform(1, 4)]), rng.normal(size=(batch * length, width))
    weights = [(rng.normal(size=(inner, width)), rng.normal(size=(inner, width)), rng.normal(size=(width, inner))) for _ in range(experts)]
    h = slot_logits(x, phi, scale[0])
    share = np.array([[softmax(row)[e * slots : (e + 1) * slots].sum() for e in range(experts)] for row in h])
    result = {"batch": batch, "slots": slots, "group": group, "x": x, "phi": phi, "scale": scale, "pull": pull}
    result |= {"w1": np.array([w[0] for w in weights]), "w3": np.array([w[1] for w in weights])}
    result |= {"w2": np.array([w[2] for w in weights]), "probs": share}
    result["logits"] = np.array([[np.log(np.exp(row[e * slots : (e + 1) * slots]).sum()) for e in range(experts)] for row in h])
    # A group of one token: batch sequences of one token each.
    for name, sequences, n in (("published", batch, group), ("causal", len(x), 1)):

        def output(p, s, sequences=sequences, n=n):
            return layer(x, p, s[0], weights, sequences, slots, n)[0]

        result[name] = {
            "output": output(phi, scale),
            "phi_gradient": differences(lambda p: float((pull * output(p, scale)).sum()), phi, STEP),
            "scale_gradient": differences(lambda s: float((pull * output(phi, s)).sum()), scale, STEP),
        }
    result["dispatch"] = [mixing.tolist() for mixing in layer(x, phi, scale[0], weights, batch, slots, group)[1]]
    return result


def main():
    rng = np.random.default_rng(12)
    write_cases("soft_moe.json", [plain(case(*shape, rng), 8) for shape in SHAPES])


if __name__ == "__main__":
    main()
