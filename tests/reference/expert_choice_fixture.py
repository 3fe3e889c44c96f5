"""Writes tests/fixtures/expert_choice.json: expert choice routing in double precision, from the paper's formulas.

    python tests/reference/expert_choice_fixture.py

Zhou et al. 2022 (arXiv:2202.09368): S = softmax(X W) over the experts, and every expert takes its c = n * factor / E best
tokens, with S as weights. Plain loops, and central finite differences for the gradient. `causal` holds the variant in
which a token takes its own `factor` best experts.
"""

import numpy as np

from common import differences, plain, write_cases

# sequences, tokens of each, experts, width, tokens in a group, factor
SHAPES = ((1, 1, 4, 5, 8, 2.0), (1, 8, 4, 6, 8, 2.0), (2, 11, 4, 5, 4, 1.0), (1, 13, 8, 6, 5, 1.5), (3, 6, 3, 4, 64, 0.5))
STEP = 1e-6


def scores(x, gate):
    result = np.zeros((len(x), len(gate)))
    for t, token in enumerate(x):
        powers = np.exp(gate @ token)
        result[t] = powers / powers.sum()
    return result


def nearest(number):
    """To the nearest whole number, halves upwards."""
    return int(np.floor(number + 0.5))


def picks(s, batch, group, factor):
    """Pairs (token, expert)."""
    tokens, experts = s.shape
    length = tokens // batch
    pairs = set()
    for sequence in range(batch):
        for start in range(0, length, group):
            members = [sequence * length + place for place in range(start, min(start + group, length))]
            c = max(1, nearest(len(members) * factor / experts))
            for e in range(experts):
                best_first = sorted(members, key=lambda t: (-s[t, e], t))
                pairs.update((t, e) for t in best_first[:c])
    return pairs


def own_picks(s, factor):
    pairs = set()
    for t, row in enumerate(s):
        best_first = sorted(range(len(row)), key=lambda e: (-row[e], e))
        pairs.update((t, e) for e in best_first[: max(1, nearest(factor))])
    return pairs


def table(pairs, s):
    """Experts of each token, the largest weight first, and the weights."""
    chosen = [sorted((e for t, e in pairs if t == token), key=lambda e: -s[token, e]) for token in range(len(s))]
    return chosen, [[float(s[t, e]) for e in experts] for t, experts in enumerate(chosen)]


def case(batch, length, experts, width, group, factor, rng):
    x, gate = rng.normal(size=(batch * length, width)), rng.normal(size=(experts, width)) / 2
    pull = rng.normal(size=(batch * length, experts))
    s = scores(x, gate)
    result = {"batch": batch, "group": group, "factor": factor, "x": x, "gate": gate, "pull": pull}
    result |= {"logits": x @ gate.T, "probs": s, "capacity": max(1, nearest(min(group, length) * factor / experts))}
    for name, pairs in (("published", picks(s, batch, group, factor)), ("causal", own_picks(s, factor))):
        chosen, weights = table(pairs, s)

        def pulled(g, pairs=pairs):
            """The weights of the picked pairs, each pulled at by a number of its own."""
            now = scores(x, g)
            return sum(pull[t, e] * now[t, e] for t, e in pairs)

        result[name] = {"experts": chosen, "weights": weights, "gradient": differences(pulled, gate, STEP)}
    return result


def main():
    rng = np.random.default_rng(11)
    write_cases("expert_choice.json", [plain(case(*shape, rng), 9) for shape in SHAPES])


if __name__ == "__main__":
    main()
