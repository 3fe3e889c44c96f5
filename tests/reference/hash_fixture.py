"""Writes tests/fixtures/hash.json: hash layers and their tables, from the paper's descriptions.

    python tests/reference/hash_fixture.py

Source: Roller et al. 2021 (arXiv:2106.04426). The random table is two rounds of SplitMix64 (Steele, Lea and Flood 2014)
of the id, as the file format has it; the rest is the paper's: greedy balance, k-means, spreading of clusters.
"""

import numpy as np

from common import SplitMix, descending, line, write

EXPERTS, VOCABULARY, WIDTH, BATCH, LENGTH = 4, 60, 5, 3, 7


def hashed(number):
    return SplitMix(SplitMix(number).bits()).bits() * EXPERTS >> 64


def balanced(counts):
    load, table = [0] * EXPERTS, [0] * len(counts)
    for i in descending(counts):
        emptiest = load.index(min(load))
        table[i] = emptiest
        load[emptiest] += counts[i]
    return table


def clustered(embeddings, counts):
    """Lloyd's k-means until nothing moves, from the most frequent tokens."""
    centres = embeddings[descending(counts)[:EXPERTS]].astype(np.float64)
    table = None
    while True:
        distances = ((embeddings[:, None, :] - centres[None, :, :]) ** 2).sum(-1)
        new = distances.argmin(1)
        if table is not None and (new == table).all():
            return table.tolist()
        table = new
        for c in range(EXPERTS):
            if (table == c).any():
                centres[c] = embeddings[table == c].mean(0)


def dispersed(clusters, counts):
    load, table = [0] * EXPERTS, [0] * len(counts)
    own = [[0] * EXPERTS for _ in range(EXPERTS)]
    for i in descending(counts):
        c = clusters[i]
        e = min(range(EXPERTS), key=lambda e: (own[c][e], load[e], e))
        own[c][e] += 1
        load[e] += counts[i]
        table[i] = e
    return table


def main():
    rng = np.random.default_rng(3)
    ids = rng.integers(0, VOCABULARY, size=(BATCH, LENGTH)).tolist()
    counts = (2000 / np.arange(1, VOCABULARY + 1)).astype(int)
    counts[-7:] = 0
    counts = rng.permutation(counts).tolist()
    centres = rng.normal(size=(6, WIDTH)) * 2
    embeddings = np.round(centres[rng.integers(0, 6, VOCABULARY)] + rng.normal(size=(VOCABULARY, WIDTH)), 3)
    clusters = clustered(embeddings, counts)
    random = [hashed(i) for i in range(VOCABULARY)]
    spread = dispersed(clusters, counts)
    even = balanced(counts)
    experts = {
        "random": [[random[i] for i in row] for row in ids],
        "balanced": [[even[i] for i in row] for row in ids],
        "clustered": [[clusters[i] for i in row] for row in ids],
        "dispersed": [[spread[i] for i in row] for row in ids],
        "previous": [[random[0]] + [random[i] for i in row[:-1]] for row in ids],
        "position": [[hashed(place) for place in range(LENGTH)] for _ in ids],
        "oracle": [[random[i] for i in row[1:]] + [random[row[-1]]] for row in ids],
    }
    fixture = {
        "experts_in_all": EXPERTS,
        "batch": BATCH,
        "ids": sum(ids, []),
        "counts": counts,
        "width": WIDTH,
        "embeddings": embeddings.ravel().tolist(),
        "balanced": even,
        "clustered": clusters,
        "dispersed": spread,
        "experts": {kind: sum(rows, []) for kind, rows in experts.items()},
    }
    lines = [f"{line(key)}:{line(value)}" for key, value in fixture.items()]
    write("hash.json", "{\n" + ",\n".join(lines) + "\n}\n")
    print("loads", [sum(c for c, e in zip(counts, even) if e == x) for x in range(EXPERTS)])


if __name__ == "__main__":
    main()
