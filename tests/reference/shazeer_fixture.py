"""Writes tests/fixtures/shazeer.json: noisy top-k gating, flat and in two levels, with its losses, in double precision.

    python tests/reference/shazeer_fixture.py

Plain loops over the formulas of Shazeer et al. 2017 (arXiv:1701.06538), section 2.1, section 4, appendices A and B; the
two small constants are those of the authors' code (tensor2tensor). Gradients are central finite differences with the
noise and the choices held fixed. The noise is the generator's that moescope names: SplitMix64, uniform numbers from the
upper 53 bits, normal ones by Box and Muller's cosine, seeded for block 0 of a step.
"""

import math

import numpy as np

from common import descending, significant, stream, write_groups

STEP = 1e-6
NOISE_FLOOR, EPSILON = 1e-2, 1e-10


def softmax(values):
    top = max(values)
    e = [math.exp(v - top) for v in values]
    return [v / sum(e) for v in e]


def cdf(z):
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))


def cv_squared(values):
    mean = sum(values) / len(values)
    return sum((v - mean) ** 2 for v in values) / len(values) / (mean**2 + EPSILON)


class Gate:
    """One noisy top-k gate on one token: clean scores, deviations, noisy scores, kept entries, G and P."""

    def __init__(self, x, gate, spread, noise, k, kept=None):
        n = len(gate)
        self.clean = [float(x @ w) for w in gate]
        deviation = [math.log1p(math.exp(float(x @ w))) + NOISE_FLOOR for w in spread]
        h = [c + e * d for c, e, d in zip(self.clean, noise, deviation)] if noise else self.clean
        self.kept = kept if kept is not None else descending(h)[:k]
        self.g = [0.0] * n
        for i, value in zip(self.kept, softmax([h[i] for i in self.kept])):
            self.g[i] = value
        self.p = [1.0] * n
        for i in range(n) if k < n else ():
            others = sorted((h[j] for j in range(n) if j != i), reverse=True)
            self.p[i] = cdf((self.clean[i] - others[k - 1]) / deviation[i])


def differences(function, matrices, which):
    """Central differences of `function(*matrices)` with respect to every entry of one matrix."""
    result = np.zeros_like(matrices[which])
    for place in np.ndindex(*result.shape):
        values = []
        for sign in (1, -1):
            moved = [m.copy() for m in matrices]
            moved[which][place] += sign * STEP
            values.append(function(*moved))
        result[place] = (values[0] - values[1]) / (2 * STEP)
    return result


def gradients(routed, matrices, names):
    """Of the importance loss, the load loss and the pulled weights, in every matrix."""
    return {
        what: {name: differences(lambda *m: routed(*m)[what], matrices, n) for n, name in enumerate(names)}
        for what in ("importance", "load", "pulled")
    }


def flat(tokens, experts, width, k, seed, rng):
    x, pull = rng.normal(size=(tokens, width)), rng.normal(size=(tokens, k))
    matrices = [rng.normal(size=(experts, width)) / 2, rng.normal(size=(experts, width)) / 2]

    def routed(gate, spread, noise, kept=None):
        gates = [
            Gate(row, gate, spread, noise and noise[t], k, kept and kept[t]) for t, row in enumerate(x)
        ]
        return {
            "logits": [g.clean for g in gates],
            "probs": [softmax(g.clean) for g in gates],
            "experts": [g.kept for g in gates],
            "weights": [[g.g[i] for i in g.kept] for g in gates],
            "importance": cv_squared([sum(g.g[i] for g in gates) for i in range(experts)]),
            "load": cv_squared([sum(g.p[i] for g in gates) for i in range(experts)]),
            "pulled": sum(pull[t][s] * g.g[i] for t, g in enumerate(gates) for s, i in enumerate(g.kept)),
        }

    noise = stream(seed).table(tokens, experts)
    trained, quiet = routed(*matrices, noise), routed(*matrices, None)
    return {
        "top_k": k,
        "noise_seed": seed,
        "x": x,
        "pull": pull,
        "weights": dict(zip(("gate", "noise"), matrices)),
        "trained": trained,
        "quiet": {key: quiet[key] for key in ("logits", "probs", "experts", "weights")},
        "gradients": gradients(lambda *m: routed(*m, noise, trained["experts"]), matrices, ("gate", "noise")),
    }


def tree(tokens, groups, experts, width, top_groups, k, seed, rng):
    x, pull = rng.normal(size=(tokens, width)), rng.normal(size=(tokens, k))
    size, inner = experts // groups, k // top_groups
    matrices = [rng.normal(size=(n, width)) / 2 for n in (groups, groups, experts, experts)]

    def routed(group_gate, group_noise, gate, spread, noise, kept=None):
        rows = []
        for t, row in enumerate(x):
            first = Gate(row, group_gate, group_noise, noise and noise[0][t], top_groups, kept and kept[t][0])
            second = []
            for i in range(groups):
                part = slice(i * size, (i + 1) * size)
                fixed = kept and kept[t][1][i]
                second.append(Gate(row, gate[part], spread[part], noise and noise[1][t][part], inner, fixed))
            rows.append((first, second))
        leaves = [(i, j) for i in range(groups) for j in range(size)]
        weight = [{i * size + j: first.g[i] * second[i].g[j] for i in first.kept for j in second[i].kept} for first, second in rows]
        chosen = [sorted(w, key=lambda e: (-w[e], e)) for w in weight]
        if kept:
            chosen = [one[2] for one in kept]
        importance, load = [], []
        for i, j in leaves:
            importance.append(sum(first.g[i] * second[i].g[j] for first, second in rows))
            members = [second for first, second in rows if i in first.kept]
            primary = sum(first.p[i] for first, _ in rows)
            secondary = sum(second[i].p[j] for second in members)
            load.append(primary * secondary / len(members) if members else 0.0)
        return {
            "logits": [[f.clean[i] + math.log(softmax(s[i].clean)[j]) for i, j in leaves] for f, s in rows],
            "probs": [[softmax(f.clean)[i] * softmax(s[i].clean)[j] for i, j in leaves] for f, s in rows],
            "experts": chosen,
            "weights": [[w[e] for e in order] for w, order in zip(weight, chosen)],
            "importance": cv_squared(importance),
            "load": cv_squared(load),
            "pulled": sum(pull[t][s] * weight[t][e] for t, order in enumerate(chosen) for s, e in enumerate(order)),
            "kept": [(first.kept, [s.kept for s in second], order) for (first, second), order in zip(rows, chosen)],
        }

    generator = stream(seed)
    noise = generator.table(tokens, groups), generator.table(tokens, experts)
    trained, quiet = routed(*matrices, noise), routed(*matrices, None)
    names = ("group_gate", "group_noise", "gate", "noise")
    kept = trained.pop("kept")
    return {
        "top_k": k,
        "top_groups": top_groups,
        "noise_seed": seed,
        "x": x,
        "pull": pull,
        "weights": dict(zip(names, matrices)),
        "trained": trained,
        "quiet": {key: quiet[key] for key in ("logits", "probs", "experts", "weights")},
        "gradients": gradients(lambda *m: routed(*m, noise, kept), matrices, names),
    }


FLAT = ((1, 4, 3, 2, 1), (9, 8, 5, 2, 77), (7, 3, 4, 1, 2**63 + 5), (5, 4, 3, 4, 9), (8, 6, 4, 3, 123456789))
# tokens, groups, experts, width, top_groups, k, seed; with one group, all groups, all of a group, and a group left empty.
TREE = ((2, 4, 8, 3, 1, 1, 3), (9, 4, 8, 4, 2, 2, 11), (7, 2, 8, 3, 2, 4, 5), (6, 3, 6, 3, 2, 4, 8), (5, 1, 4, 3, 1, 2, 21))


def main():
    rng = np.random.default_rng(2017)
    content = {"flat": [flat(*s, rng) for s in FLAT], "tree": [tree(*s, rng) for s in TREE]}
    write_groups("shazeer.json", significant(content, 9))


if __name__ == "__main__":
    main()
