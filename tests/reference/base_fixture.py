"""Writes tests/fixtures/base.json: BASE's router in double precision, from the paper's formulas.

    python tests/reference/base_fixture.py

Source: Lewis et al. 2021 (arXiv:2103.16716). The balanced assignment comes from SciPy's linear_sum_assignment with a
column for every place of an expert; where E does not divide T every choice of the experts with one place more is tried.
Gradients are central finite differences.
"""

import itertools

import numpy as np
from scipy.optimize import linear_sum_assignment

from common import differences, plain, write_cases

SHAPES = ((8, 4, 5), (10, 4, 6), (12, 3, 4), (16, 8, 8), (6, 4, 5), (2, 3, 4), (40, 8, 6))
STEP = 1e-6


def sigmoid(s):
    return 1 / (1 + np.exp(-s))


def affinities(x, gate):
    return np.array([[sum(a * b for a, b in zip(h, w)) for w in gate] for h in x])


def balanced(s):
    """The best assignment in which the loads differ by at most one."""
    tokens, experts = s.shape
    least, more = divmod(tokens, experts)
    best, answer = -np.inf, None
    for fuller in itertools.combinations(range(experts), more):
        places = [e for e in range(experts) for _ in range(least + (e in fuller))]
        rows, columns = linear_sum_assignment(s[:, places], maximize=True)
        total = s[:, places][rows, columns].sum()
        if total > best:
            best, answer = total, np.array(places)[columns]
    return answer


def alphas(x, gate, chosen):
    return np.array([sigmoid(h @ gate[e]) for h, e in zip(x, chosen)])


def case(tokens, experts, width, rng):
    x, gate, pull = rng.normal(size=(tokens, width)), rng.normal(size=(experts, width)) / 2, rng.normal(size=tokens)
    s = affinities(x, gate)
    greedy, assigned = np.argmax(s, 1), balanced(s)
    half = tokens // 2
    return {
        "x": x,
        "gate": gate,
        "pull": pull,
        "logits": s,
        "probs": sigmoid(s),
        "greedy": greedy,
        "greedy_weights": alphas(x, gate, greedy),
        "assigned": assigned,
        "assigned_weights": alphas(x, gate, assigned),
        "assigned_by_halves": np.concatenate([balanced(s[:half]), balanced(s[half:])]),
        "gate_gradient": differences(lambda g: float(pull @ alphas(x, g, assigned)), gate, STEP),
        "x_gradient": differences(lambda h: float(pull @ alphas(h, gate, assigned)), x, STEP),
    }


def main():
    rng = np.random.default_rng(11)
    cases = [case(*shape, rng) for shape in SHAPES]
    write_cases("base.json", plain(cases, 8))


if __name__ == "__main__":
    main()
