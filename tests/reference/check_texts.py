"""Compares `moescope trace` with transformers on any texts.

    cargo build --release
    python tests/reference/check_texts.py --text "Any text" --file notes.txt

Every number of the trace that transformers computes too is compared: ids, router logits, scores, chosen experts and
weights of every token in every layer, the loss of every token, and the most likely next tokens with their
probabilities. Exit code 1 if one is further off than --tolerance. Where two experts are so close that rounding decides
which is chosen (a logit margin below --tie), the other choice counts as a tie: it is reported, and what depends on it
(later tokens and higher layers) is left out.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch

from reference import load_model, load_tokenizer, margin, route

ROOT = Path(__file__).resolve().parents[2]


def trace(moescope, model, text):
    """The trace that the command line prints."""
    # In a file: an argument cannot hold every text (NUL ends it).
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "text"
        file.write_bytes(text.encode("utf-8"))
        command = [str(moescope), "trace", "--model", str(model), "--file", str(file), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command[:4])}: exit code {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def rows(matrix, tokens):
    """A trace's matrix as an array [T, columns], however it is written."""
    values = matrix["data"] if isinstance(matrix, dict) else matrix
    return np.asarray(values).reshape(tokens, -1)


def softmax(logits):
    """In double precision, so that it adds no error of its own."""
    return torch.softmax(torch.from_numpy(np.asarray(logits, dtype=np.float64)), -1).numpy()


def compare_routing(found, layers, tie, worst):
    """Compares all layers; gives the number of tokens before the first tie that fell the other way, and the ties."""
    tokens = len(found["tokens"])
    good, ties = tokens, []
    assert len(found["layers"]) == len(layers), "another number of layers"
    for number, (ours, theirs) in enumerate(zip(found["layers"], layers)):
        top_k = theirs["experts"].shape[1]
        logits, experts = rows(ours["logits"], tokens), rows(ours["experts"], tokens)
        differs = np.any(np.sort(experts, 1) != np.sort(theirs["experts"], 1), axis=1)
        close = margin(theirs["router_logits"], top_k) < tie
        wrong = np.flatnonzero(differs[:good] & ~close[:good])
        if len(wrong):
            sys.exit(f"layer {number}, token {wrong[0]}: experts {experts[wrong[0]]}, transformers {theirs['experts'][wrong[0]]}")
        worst("router logits", logits[:good], theirs["router_logits"][:good])
        worst("scores", rows(ours["probs"], tokens)[:good], softmax(theirs["router_logits"])[:good])
        first = next((int(t) for t in np.flatnonzero(differs) if t < good), good)
        by_expert = [np.zeros_like(theirs["router_logits"]) for _ in range(2)]
        for dense, which, weights in zip(by_expert, (experts, theirs["experts"]), (rows(ours["weights"], tokens), theirs["weights"])):
            np.put_along_axis(dense, which.astype(np.int64), weights, 1)
        worst("weights", by_expert[0][:first], by_expert[1][:first])
        if first < good:
            ties.append((number, first))
            good = first
    return good, ties


def compare(found, model, tokenizer, tie):
    """The largest deviation of every quantity, and the ties."""
    text, ids = found["text"], [token["id"] for token in found["tokens"]]
    expected = tokenizer.encode(text).ids
    if ids != expected:
        sys.exit(f"ids {ids}\nexpected {expected}")
    deviations = {}

    def worst(what, ours, theirs):
        ours, theirs = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
        assert ours.shape == theirs.shape, f"{what}: shape {ours.shape} against {theirs.shape}"
        deviations[what] = max(deviations.get(what, 0.0), float(np.abs(ours - theirs).max(initial=0.0)))

    logits, layers = route(model, ids)
    good, ties = compare_routing(found, layers, tie, worst)
    probs = softmax(logits)
    for t, loss in enumerate(found["losses"][: good + 1]):
        if t > 0 and loss is not None:
            worst("losses", [loss], [-np.log(probs[t - 1, ids[t]])])
    candidates = list(enumerate(found["predictions"][:good]))
    if good == len(ids):
        candidates.append((len(ids) - 1, found["next"]))
    for t, few in candidates:
        worst("next tokens", [item["prob"] for item in few], probs[t, [item["id"] for item in few]])
        worst("next tokens, in order", [item["prob"] for item in few], np.sort(probs[t])[::-1][: len(few)])
    return deviations, good, ties


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("--model", default=ROOT / "assets/models/mixtral", help="folder of the model")
    arguments.add_argument("--moescope", default=ROOT / "target/release/moescope", help="our command")
    arguments.add_argument("--text", action="append", default=[], help="a text; may be given several times")
    arguments.add_argument("--file", action="append", default=[], help="a file with a text; may be given several times")
    arguments.add_argument("--tolerance", type=float, default=1e-3, help="largest deviation allowed")
    arguments.add_argument("--tie", type=float, default=1e-4, help="logit margin below which either choice is right")
    options = arguments.parse_args()
    texts = options.text + [Path(file).read_bytes().decode("utf-8") for file in options.file]
    if not texts:
        arguments.error("give at least one --text or --file")
    model, tokenizer = load_model(options.model), load_tokenizer(options.model)
    failed = 0
    for text in texts:
        found = trace(options.moescope, options.model, text)
        deviations, good, ties = compare(found, model, tokenizer, options.tie)
        off = max(deviations.values(), default=0.0) > options.tolerance
        failed += off
        print(f"{'OFF' if off else 'ok '} {len(found['tokens'])} tokens {text[:40]!r}", {k: f"{v:.1e}" for k, v in deviations.items()})
        for layer, token in ties:
            print(f"    tie: layer {layer}, token {token} chose the other expert; compared {good} tokens fully")
    print(f"{len(texts) - failed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
