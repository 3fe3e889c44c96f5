"""Writes tests/fixtures/shipped-mixtral.json: what transformers computes for the shipped model on a few texts.

    python tests/reference/shipped_fixture.py [--model assets/models/mixtral]

The folder is loaded as it is, by MixtralForCausalLM and tokenizers, so the fixture also proves that they can. It must be
written anew when the shipped weights change. To stay small it holds samples: for each text all ids and chosen experts,
the 20 largest logits after the last token, every 61st logit after a few tokens, and the router logits of a few tokens in
every layer.
"""

import argparse
from pathlib import Path

import numpy as np

from reference import load_model, load_tokenizer, numbers, route, write_json

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "tests/fixtures/shipped-mixtral.json"
STRIDE, TOP, TOKENS = 61, 20, 12

TEXTS = {
    "one token": "The",
    "English": "The lighthouse keeper wrote the weather into his book every evening, and nobody ever read it.",
    "Japanese": "雨が止んだので、駅まで歩いて行くことにした。道には大きな水たまりがあった。",
    "Rust": "fn mean(values: &[f32]) -> Option<f32> {\n    let sum: f32 = values.iter().sum();\n"
    "    (!values.is_empty()).then(|| sum / values.len() as f32)\n}\n",
    "emoji": "👩‍🚀 says: 3 + 4 = 7 🎉🎉\u0000 \u202eabc\u202c ¿qué? Größe!\t\r\n",
}


def long_text():
    """A text that is longer than the shipped model's window of 512 tokens, never twice the same sentence."""
    parts = [TEXTS["English"], TEXTS["Japanese"], TEXTS["Rust"], "x = {n} * {n}  # {n} squared\n", "Der {n}. Tag war kalt. "]
    return "".join(f"{n}. " + parts[n % len(parts)].replace("{n}", str(n)) + "\n" for n in range(40))


def spread(length, count):
    """At most `count` of the places 0..length, evenly spread, both ends among them."""
    return sorted({int(place) for place in np.linspace(0, length - 1, min(count, length)).round()})


def case(model, text, ids):
    """The samples for one text."""
    logits, layers = route(model, ids)
    places = spread(len(ids), TOKENS)
    top = np.argsort(-logits[-1], kind="stable")[:TOP]
    return {
        "text": text,
        "ids": ids,
        "places": places,
        "stride": STRIDE,
        "logits": numbers(logits[places][:, ::STRIDE]),
        "top_ids": top.tolist(),
        "top_logits": numbers(logits[-1][top]),
        "router_logits": [numbers(layer["router_logits"][places]) for layer in layers],
        "experts": [layer["experts"].tolist() for layer in layers],
        "weights": [numbers(layer["weights"][places]) for layer in layers],
    }


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("--model", default=ROOT / "assets/models/mixtral", help="folder of the shipped model")
    arguments.add_argument("--out", default=FIXTURE, help="file to write")
    options = arguments.parse_args()
    model, tokenizer = load_model(options.model), load_tokenizer(options.model)
    cases = {}
    for name, text in (TEXTS | {"longer than the window": long_text()}).items():
        cases[name] = case(model, text, tokenizer.encode(text).ids)
        print(f"{name}: {len(cases[name]['ids'])} tokens")
    window = model.config.sliding_window
    longest = max(len(case["ids"]) for case in cases.values())
    assert window is None or longest > 1.2 * window, f"no text is longer than the window of {window} tokens"
    assert len(cases["one token"]["ids"]) == 1, "the first text is meant to be one token"
    write_json(options.out, cases)


if __name__ == "__main__":
    main()
