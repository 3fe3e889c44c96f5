"""Writes tests/fixtures/router.json: Mixtral's router and its losses in double precision, from the papers' formulas.

    python tests/reference/router_fixture.py

Plain numpy and no automatic differentiation: the gradients are central finite differences of the formulas themselves.
Sources: Jiang et al. 2024 (arXiv:2401.04088) for the gate, Fedus et al. 2021 (arXiv:2101.03961, equations 4 to 6)
for the load-balancing loss, with f the share of all choices, and Zoph et al. 2022 (arXiv:2202.08906, equation 5)
for the z-loss.
"""

import numpy as np

from common import differences, plain, write_cases

SHAPES = ((1, 4, 6, 2), (9, 8, 5, 2), (7, 3, 4, 1), (6, 4, 5, 4), (11, 6, 8, 3))
STEP = 1e-5


def softmax(h):
    e = np.exp(h - h.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def kept(h, k):
    """The indices of the k largest, largest first."""
    return np.argsort(-h, axis=-1, kind="stable")[:, :k]


def weights(h, chosen):
    """Softmax over the kept logits."""
    return softmax(np.take_along_axis(h, chosen, 1))


def balance(h, chosen):
    """E * sum_e f_e P_e; the choices, and so f, are held fixed, since they have no gradient."""
    experts = h.shape[1]
    share = np.bincount(chosen.ravel(), minlength=experts) / chosen.size
    return experts * float(share @ softmax(h).mean(0))


def z_loss(h):
    return float((np.log(np.exp(h).sum(-1)) ** 2).mean())


def case(tokens, experts, width, k, rng):
    x, gate, pull = rng.normal(size=(tokens, width)), rng.normal(size=(experts, width)) / 2, rng.normal(size=(tokens, k))
    h = x @ gate.T
    chosen = kept(h, k)
    return {
        "top_k": k,
        "x": x,
        "gate": gate,
        "pull": pull,
        "logits": h,
        "probs": softmax(h),
        "experts": chosen,
        "weights": weights(h, chosen),
        "balance": balance(h, chosen),
        "z": z_loss(h),
        "balance_gradient": differences(lambda g: balance(x @ g.T, chosen), gate, STEP),
        "z_gradient": differences(lambda g: z_loss(x @ g.T), gate, STEP),
        "pulled_gradient": differences(lambda g: float((pull * weights(x @ g.T, chosen)).sum()), gate, STEP),
    }


def main():
    rng = np.random.default_rng(5)
    cases = [case(*shape, rng) for shape in SHAPES]
    write_cases("router.json", plain(cases, 9))


if __name__ == "__main__":
    main()
