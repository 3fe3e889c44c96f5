"""Writes tests/fixtures/saved-mixtral: one tiny random Mixtral in the files that transformers itself saves.

    python tests/reference/saved_fixture.py

`whole` is what `save_pretrained` writes by default, `sharded` the same with `max_shard_size`, `fused` with
`save_original_format=False`; each with the tokenizer as `PreTrainedTokenizerFast` saves it (the shipped one, cut to its first
tokens). Nothing in these folders is edited afterwards. `expected.json` holds what transformers computes from each of
them, loaded again, which must be the same for all.
"""

import json
import shutil
import tempfile
from pathlib import Path

import torch
from transformers import MixtralConfig, MixtralForCausalLM, PreTrainedTokenizerFast

from reference import load_model, margin, numbers, route, write_json

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "assets/models/mixtral/tokenizer.json"
FIXTURE = ROOT / "tests/fixtures/saved-mixtral"
TOKENS = 300
TEXT = "Once upon a time, a gull said: “Größe!”\n\tfor i in range(3): print(i)"
FOLDERS = {"whole": {}, "sharded": {"max_shard_size": "30KB"}, "fused": {"save_original_format": False}}


def tokenizer(folder):
    """The shipped tokenizer with its first tokens only, and the merges that make them."""
    described = json.loads(SHIPPED.read_text(encoding="utf-8"))
    vocabulary = {token: number for token, number in described["model"]["vocab"].items() if number < TOKENS}
    pairs = [pair if isinstance(pair, list) else pair.split(" ") for pair in described["model"]["merges"]]
    described["model"]["vocab"] = vocabulary
    described["model"]["merges"] = [pair for pair in pairs if "".join(pair) in vocabulary]
    cut = Path(folder) / "cut.json"
    cut.write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
    return PreTrainedTokenizerFast(tokenizer_file=str(cut), eos_token="<|end|>")


@torch.no_grad()
def model():
    """Random weights, scaled so that the gates choose clearly."""
    torch.manual_seed(31)
    config = MixtralConfig(
        vocab_size=TOKENS,
        hidden_size=16,
        intermediate_size=12,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        num_local_experts=6,
        num_experts_per_tok=2,
        max_position_embeddings=128,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=0,
    )
    made = MixtralForCausalLM(config)
    for name, weight in made.named_parameters():
        if weight.ndim == 1:
            weight.uniform_(0.5, 1.5)
        else:
            weight.normal_(0, 0.5 if "embed" in name else 1.5 / weight.shape[-1] ** 0.5)
    return made


def main():
    shutil.rmtree(FIXTURE, ignore_errors=True)
    made, expected = model(), None
    with tempfile.TemporaryDirectory() as folder:
        words = tokenizer(folder)
    for name, options in FOLDERS.items():
        folder = FIXTURE / name
        made.save_pretrained(folder, **options)
        words.save_pretrained(folder)
        ids = PreTrainedTokenizerFast.from_pretrained(folder)(TEXT)["input_ids"]
        logits, layers = route(load_model(folder), ids)
        closest = min(margin(layer["router_logits"], made.config.num_experts_per_tok).min() for layer in layers)
        assert closest > 3e-3, f"a choice is too close to a tie ({closest}); take another seed"
        here = {
            "text": TEXT,
            "ids": ids,
            "logits": numbers(logits[-1]),
            "layers": [{key: numbers(value) for key, value in layer.items()} for layer in layers],
        }
        assert expected in (None, here), "the same model, however it was saved"
        expected = here
        print(name, len(ids), "tokens, closest choice", closest, [file.name for file in sorted(folder.iterdir())])
    write_json(FIXTURE / "expected.json", expected)


if __name__ == "__main__":
    main()
