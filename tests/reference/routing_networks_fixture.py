"""Writes tests/fixtures/routing_networks.json: policies of routing networks and their updates in double precision.

    python tests/reference/routing_networks_fixture.py

Sources: Rosenbaum et al. 2017 (arXiv:1711.01239) for the tables of policies, PASS and the collaboration reward; Williams
1992 for REINFORCE. The expected update is a central finite difference of the expected reward.
"""

import numpy as np

from common import plain, softmax, write_cases

RATE, RHO, NEWEST = 1.0, 0.05, 0.1
STEP = 1e-6


def collaboration(policy, action):
    """rho times the average probability of choosing the action."""
    return RHO * sum(softmax(row)[action] for row in policy) / len(policy)


def update(policy, baseline, tasks, actions, losses):
    """A batch; every sample sees the policy and the baseline before it."""
    new_policy, new_baseline = policy.copy(), baseline.copy()
    for task, action, loss in zip(tasks, actions, losses):
        reward = -loss + collaboration(policy, action)
        pi = softmax(policy[task])
        for a in range(len(pi)):
            score = (1.0 if a == action else 0.0) - pi[a]  # d log pi(action) / d logit a
            new_policy[task][a] += RATE * (reward - baseline[task]) * score
        new_baseline[task] = (1 - NEWEST) * new_baseline[task] + NEWEST * reward
    return new_policy, new_baseline


def expected_update(policy, task, losses):
    """RATE times the gradient of sum_a pi(a) R(a) with respect to the logits."""
    rewards = np.array([-losses[a] + collaboration(policy, a) for a in range(policy.shape[1])])
    result = np.zeros(policy.shape[1])
    for a in range(len(result)):
        step = np.zeros(len(result))
        step[a] = STEP
        value = lambda logits: float(softmax(logits) @ rewards)
        result[a] = RATE * (value(policy[task] + step) - value(policy[task] - step)) / (2 * STEP)
    return result


def case(tasks, experts, batch, rng):
    policy, baseline = rng.normal(size=(tasks, experts)), -rng.uniform(1, 4, size=tasks)
    of = rng.integers(0, tasks, size=batch)
    actions, losses = rng.integers(0, experts, size=batch), rng.uniform(1, 4, size=batch)
    by_action = rng.uniform(1, 4, size=experts)
    unknown = np.mean([softmax(row) for row in policy], axis=0)
    new_policy, new_baseline = update(policy, baseline, of, actions, losses)
    return {
        "policy": policy,
        "baseline": baseline,
        "tasks": of,
        "logits": np.array([policy[t] for t in of]),
        "probs": np.array([softmax(policy[t]) for t in of]),
        "best": np.array([int(np.argmax(policy[t])) for t in of]),
        "unknown_probs": unknown,
        "unknown_best": int(np.argmax(unknown)),
        "actions": actions,
        "losses": losses,
        "new_policy": new_policy,
        "new_baseline": new_baseline,
        "loss_by_action": by_action,
        "expected_updates": np.array([expected_update(policy, t, by_action) for t in range(tasks)]),
    }


def main():
    rng = np.random.default_rng(8)
    cases = [case(*shape, rng) for shape in ((1, 2, 3), (3, 5, 4), (11, 9, 8), (4, 3, 16))]
    write_cases("routing_networks.json", plain(cases, 9))


if __name__ == "__main__":
    main()
