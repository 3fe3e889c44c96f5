"""Writes tests/fixtures/capacity.json: the routers with a capacity, GShard and Switch, in double precision.

    python tests/reference/capacity_fixture.py

Plain numpy with explicit loops over tokens, and no automatic differentiation: the gradients are central finite
differences with all choices held fixed. Sources: Lepikhin et al. 2020 (arXiv:2006.16668, algorithm 1) and, for
choices that random routing leaves out, the authors' code in lingvo; Fedus et al. 2021 (arXiv:2101.03961, equations 3
to 6); Zoph et al. 2022 (arXiv:2202.08906, equation 5) for the z-loss. Random numbers are SplitMix64's.
"""

import math

import numpy as np

from common import differences, plain, softmax, stream, write_cases

STEP = 1e-5
# method, mode, sequences, tokens of each, experts, width, capacity factor, group
CASES = (
    ("switch", "infer", 1, 12, 4, 3, 1.0, 6),
    ("switch", "infer", 2, 7, 3, 4, 0.75, 4),
    ("switch", "infer", 1, 5, 2, 3, 2.0, 8),
    ("switch", "published", 2, 6, 4, 3, 1.0, 6),
    ("switch", "train", 2, 8, 4, 3, 1.25, 8),
    ("switch", "train", 1, 7, 3, 2, 0.5, 3),
    ("gshard", "infer", 1, 12, 4, 3, 1.0, 6),
    ("gshard", "infer", 2, 7, 3, 4, 0.75, 4),
    ("gshard", "infer", 1, 5, 2, 3, 2.0, 8),
    ("gshard", "published", 1, 12, 4, 3, 1.0, 6),
    ("gshard", "published", 2, 7, 3, 4, 0.75, 4),
    ("gshard", "published", 1, 6, 5, 3, 0.5, 6),
    ("gshard", "train", 2, 8, 4, 3, 1.0, 8),
    ("gshard", "train", 1, 11, 4, 3, 0.75, 4),
    ("gshard", "train", 1, 9, 5, 2, 0.5, 9),
)


def split(batch, length, group):
    """The groups: lists of token numbers."""
    result = []
    for sequence in range(batch):
        for begin in range(0, length, group):
            places = range(begin, min(begin + group, length))
            result.append([sequence * length + place for place in places])
    return result


def best(row, k):
    return [int(e) for e in np.argsort(-row, kind="stable")[:k]]


def switch(h, groups, c):
    rows = [None] * len(h)
    for group in groups:
        taken = [0] * h.shape[1]
        for t in group:
            (e,) = best(h[t], 1)
            rows[t] = [{"expert": e, "dropped": taken[e] >= c, "unused": False}]
            taken[e] += taken[e] < c
    return rows


def gshard(h, groups, c, mode, u):
    rows = [None] * len(h)
    for group in groups:
        taken = [0] * h.shape[1]

        def take(t, which):
            entry = rows[t][which]
            if entry["unused"]:
                return
            if taken[entry["expert"]] < c:
                taken[entry["expert"]] += 1
            else:
                entry["dropped"] = True

        for t in group:
            g = softmax(h[t])
            e1, e2 = best(g, 2)
            g2 = g[e2] / (g[e1] + g[e2])
            tried = mode != "train" or 2 * g2 > u[t]
            rows[t] = [
                {"expert": e1, "dropped": False, "unused": False},
                {"expert": e2, "dropped": False, "unused": not tried},
            ]
        if mode == "infer":
            for t in group:
                take(t, 0)
                take(t, 1)
        else:
            for t in group:
                take(t, 0)
            for t in group:
                take(t, 1)
    return rows


def row_weights(method, h, rows):
    """The weights of all choices in the order of choice."""
    result = []
    for t, row in enumerate(rows):
        p = softmax(h[t])
        total = sum(p[one["expert"]] for one in row) if method == "gshard" else 1.0
        result.append([0.0 if one["dropped"] or one["unused"] else p[one["expert"]] / total for one in row])
    return np.array(result)


def balance(method, h, rows, groups):
    """E * sum_e f_e P_e of first choices; for GShard the mean over groups (E^2 times the paper's loss)."""
    experts = h.shape[1]
    values = []
    for group in groups if method == "gshard" else [list(range(len(h)))]:
        count, mean = np.zeros(experts), np.zeros(experts)
        for t in group:
            count[rows[t][0]["expert"]] += 1
            mean += softmax(h[t]) / len(group)
        paper = sum(count[e] / len(group) * mean[e] for e in range(experts)) / experts
        values.append(experts**2 * paper)
    return float(np.mean(values))


def z_loss(h):
    return float(np.mean([math.log(np.exp(row).sum()) ** 2 for row in h]))


def case(method, mode, batch, length, experts, width, factor, group, number, rng):
    tokens, k = batch * length, 1 if method == "switch" else 2
    noise = (number * 0x1234567890ABCDEF + 99) & ((1 << 63) - 1)
    x, gate = rng.normal(size=(tokens, width)) + 0.4, rng.normal(size=(experts, width))
    pull = rng.normal(size=(tokens, k))
    random, read, u = stream(noise), x, None
    if mode == "train" and method == "switch":
        read = np.array([[value * (1 + 0.01 * (2 * random.uniform() - 1)) for value in row] for row in x])
    if mode == "train" and method == "gshard":
        u = [random.uniform() for _ in range(tokens)]
    h = read @ gate.T
    c = max(1, math.ceil(factor * k * group / experts))
    groups = split(batch, length, group)
    rows = switch(h, groups, c) if method == "switch" else gshard(h, groups, c, mode, u)
    first = row_weights(method, h, rows)
    order = np.argsort(-first, axis=1, kind="stable")
    entry = lambda key: np.take_along_axis(np.array([[int(one[key]) for one in row] for row in rows]), order, 1)
    pulled = lambda g: float((pull * np.take_along_axis(row_weights(method, read @ g.T, rows), order, 1)).sum())
    return {
        "method": method,
        "mode": mode,
        "noise": noise,
        "batch": batch,
        "factor": factor,
        "group": group,
        "capacity": c,
        "x": x,
        "gate": gate,
        "pull": pull,
        "logits": h,
        "probs": np.array([softmax(row) for row in h]),
        "experts": entry("expert"),
        "weights": np.take_along_axis(first, order, 1),
        "dropped": entry("dropped"),
        "unused": entry("unused"),
        "balance": balance(method, h, rows, groups),
        "z": z_loss(h),
        "balance_gradient": differences(lambda g: balance(method, read @ g.T, rows, groups), gate, STEP),
        "z_gradient": differences(lambda g: z_loss(read @ g.T), gate, STEP),
        "pulled_gradient": differences(pulled, gate, STEP),
    }


def main():
    rng = np.random.default_rng(11)
    cases = [case(*shape, number, rng) for number, shape in enumerate(CASES)]
    write_cases("capacity.json", plain(cases, 8))
    for one in cases:
        turned = int((one["experts"][:, 0] != one["probs"].argmax(1)).sum())
        counts = one["dropped"].sum(), "unused", one["unused"].sum(), "second choice first", turned
        print(one["method"], one["mode"], "dropped", *counts)


if __name__ == "__main__":
    main()
