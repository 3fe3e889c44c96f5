"""Writes tests/fixtures/mixtures.json: the mixtures of experts of 1991 and 1994 in double precision, from the papers' formulas.

    python tests/reference/mixtures_fixture.py

Plain loops and no automatic differentiation: the gradients are central finite differences, but for those of the
competitive error, which are the closed forms (finite differences cannot see a case whose naive likelihood underflows).
Sources: Jacobs, Jordan, Nowlan and Hinton 1991, "Adaptive mixtures of local experts"; Jordan and Jacobs 1994,
"Hierarchical mixtures of experts and the EM algorithm".
"""

from decimal import Decimal, getcontext

import numpy as np

from common import descending, differences, significant, softmax, write_groups

STEP = 1e-5
getcontext().prec = 40


def ranked(probs):
    experts = [descending(row) for row in probs]
    return experts, [[row[i] for i in order] for row, order in zip(probs, experts)]


def flat(tokens, experts, width, rng):
    """The softmax gate of 1991. `pull` weights the sorted weights, so that their gradient can be seen."""
    x, gate = rng.normal(size=(tokens, width)), rng.normal(size=(experts, width)) / 2
    pull = rng.normal(size=(tokens, experts))
    gates = lambda g: [softmax(np.array([row @ w for w in g])) for row in x]
    order, weights = ranked(gates(gate))

    def pulled(g):
        return sum(pull[t][s] * row[order[t][s]] for t, row in enumerate(gates(g)) for s in range(experts))

    return {
        "x": x,
        "gate": gate,
        "pull": pull,
        "logits": [[row @ w for w in gate] for row in x],
        "probs": gates(gate),
        "experts": order,
        "weights": weights,
        "gate_gradient": differences(pulled, gate, STEP),
    }


def tree_gates(x, group_gate, gate):
    """g_i g_{j|i} of one token, leaf after leaf, and a_i + log g_{j|i}."""
    groups, size = len(group_gate), len(gate) // len(group_gate)
    first = np.array([x @ v for v in group_gate])
    leaves, logits = [], []
    for i in range(groups):
        second = softmax(np.array([x @ gate[i * size + j] for j in range(size)]))
        for j in range(size):
            leaves.append(softmax(first)[i] * second[j])
            logits.append(first[i] + np.log(second[j]))
    return np.array(leaves), logits


def tree(tokens, groups, experts, width, rng):
    """The tree of 1994, with the posteriors of its expectation step."""
    x, pull = rng.normal(size=(tokens, width)), rng.normal(size=(tokens, experts))
    group_gate, gate = rng.normal(size=(groups, width)) / 2, rng.normal(size=(experts, width)) / 2
    probs = [tree_gates(row, group_gate, gate)[0] for row in x]
    order, weights = ranked(probs)

    def pulled(v, w):
        rows = [tree_gates(row, v, w)[0] for row in x]
        return sum(pull[t][s] * row[order[t][s]] for t, row in enumerate(rows) for s in range(experts))

    log_likelihoods = -3 * rng.random(size=(tokens, experts))
    log_likelihoods[0] -= 400  # A target far from all experts: too improbable for single precision.
    size = experts // groups
    branch, within, leaf = [], [], []
    for g, logs in zip(probs, log_likelihoods):
        joint = [g[e] * np.exp(logs[e]) for e in range(experts)]
        sums = [sum(joint[i * size : (i + 1) * size]) for i in range(groups)]
        branch.append([s / sum(sums) for s in sums])
        within.append([joint[e] / sums[e // size] for e in range(experts)])
        leaf.append([j / sum(joint) for j in joint])
    return {
        "groups": groups,
        "x": x,
        "group_gate": group_gate,
        "gate": gate,
        "pull": pull,
        "logits": [tree_gates(row, group_gate, gate)[1] for row in x],
        "probs": probs,
        "experts": order,
        "weights": weights,
        "group_gate_gradient": differences(lambda v: pulled(v, gate), group_gate, STEP),
        "gate_gradient": differences(lambda w: pulled(group_gate, w), gate, STEP),
        "log_likelihoods": log_likelihoods,
        "branch": branch,
        "within": within,
        "leaf": leaf,
    }


def cooperative(p, outputs, target):
    total = 0.0
    for t in range(len(p)):
        blend = sum(p[t][i] * outputs[t][i] for i in range(len(p[t])))
        total += sum((target[t] - blend) ** 2)
    return total / len(p)


def competitive(p, outputs, target):
    """The error and its closed-form gradients in p and in the outputs, in decimal arithmetic that does not underflow."""
    cases = len(p)
    error, in_p, in_outputs = Decimal(0), np.zeros_like(p), np.zeros_like(outputs)
    for t in range(cases):
        distance = [sum((target[t] - o) ** 2) for o in outputs[t]]
        density = [(Decimal(float(-d)) / 2).exp() for d in distance]
        joint = [Decimal(float(share)) * density[i] for i, share in enumerate(p[t])]
        error -= sum(joint).ln()
        for i in range(len(p[t])):
            in_p[t][i] = -float(density[i] / sum(joint)) / cases
            in_outputs[t][i] = -float(joint[i] / sum(joint)) * (target[t] - outputs[t][i]) / cases
    return float(error) / cases, in_p, in_outputs


def errors(cases, experts, size, far, rng):
    """Both errors; the experts are `far` from the targets."""
    p = np.array([softmax(row) for row in rng.normal(size=(cases, experts))])
    outputs, target = rng.normal(size=(cases, experts, size)) * far, rng.normal(size=(cases, size))
    error, in_p, in_outputs = competitive(p, outputs, target)
    return {
        "p": p,
        "outputs": outputs,
        "target": target,
        "cooperative": cooperative(p, outputs, target),
        "cooperative_p": differences(lambda q: cooperative(q, outputs, target), p, STEP),
        "cooperative_outputs": differences(lambda o: cooperative(p, o, target), outputs, STEP),
        "competitive": error,
        "competitive_p": in_p,
        "competitive_outputs": in_outputs,
    }


def main():
    rng = np.random.default_rng(1991)
    content = {
        "flat": [flat(*shape, rng) for shape in ((1, 2, 3), (6, 4, 5), (5, 8, 6))],
        "tree": [tree(*shape, rng) for shape in ((2, 2, 2, 3), (6, 2, 8, 4), (5, 3, 6, 5), (3, 1, 3, 4))],
        "errors": [errors(*shape, rng) for shape in ((1, 1, 1, 1.0), (5, 3, 2, 1.0), (4, 2, 3, 2.0), (4, 3, 2, 20.0))],
    }
    write_groups("mixtures.json", significant(content, 10))


if __name__ == "__main__":
    main()
