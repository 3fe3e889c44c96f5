"""Writes tests/fixtures/tiny-mixtral: two tiny random Mixtral folders and what transformers computes for them.

    python tests/reference/mixtral_fixture.py

`window` has float32 weights, two query heads for each key head and a sliding window of 8 tokens; `half` has float16
weights, as many key heads as query heads, no window, and its rotary base written the way transformers 4 did. The weights
come from a seeded numpy generator and are scaled so that every part matters: norms away from 1, gates with clear
choices, attention that is neither flat nor one-hot. The width inside an expert is no multiple of 8, so that vector
kernels meet their tails.
"""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

from reference import load_model, margin, numbers, route, write_json

FIXTURES = Path(__file__).parent.parent / "fixtures" / "tiny-mixtral"
COMMON = {
    "architectures": ["MixtralForCausalLM"],
    "model_type": "mixtral",
    "vocab_size": 64,
    "hidden_size": 32,
    "intermediate_size": 20,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_local_experts": 4,
    "num_experts_per_tok": 2,
    "max_position_embeddings": 64,
    "rms_norm_eps": 1e-5,
    "hidden_act": "silu",
    "tie_word_embeddings": True,
    "bos_token_id": None,
    "eos_token_id": 0,
}
VARIANTS = {
    "window": {
        "num_key_value_heads": 2,
        "sliding_window": 8,
        "rope_parameters": {"rope_theta": 10000.0, "rope_type": "default"},
        "dtype": "float32",
    },
    "half": {"num_key_value_heads": 4, "sliding_window": None, "rope_theta": 500.0, "dtype": "float16"},
}
LENGTHS = (1, 5, 24)


def weights(config, rng):
    """Random tensors under Mixtral's classical names."""
    d, f = config["hidden_size"], config["intermediate_size"]
    head = d // config["num_attention_heads"]
    kv = config["num_key_value_heads"] * head

    def matrix(rows, columns, gain):
        return rng.normal(0, gain / np.sqrt(columns), (rows, columns))

    def norm():
        return rng.uniform(0.5, 1.5, d)

    tensors = {"model.embed_tokens.weight": rng.normal(0, 0.5, (config["vocab_size"], d)), "model.norm.weight": norm()}
    for layer in range(config["num_hidden_layers"]):
        block = f"model.layers.{layer}"
        tensors[f"{block}.input_layernorm.weight"] = norm()
        tensors[f"{block}.post_attention_layernorm.weight"] = norm()
        for name, rows, gain in (("q", d, 1.5), ("k", kv, 1.5), ("v", kv, 1.0), ("o", d, 1.0)):
            tensors[f"{block}.self_attn.{name}_proj.weight"] = matrix(rows, d, gain)
        moe = f"{block}.block_sparse_moe"
        tensors[f"{moe}.gate.weight"] = matrix(config["num_local_experts"], d, 1.5)
        for expert in range(config["num_local_experts"]):
            tensors[f"{moe}.experts.{expert}.w1.weight"] = matrix(f, d, 1.5)
            tensors[f"{moe}.experts.{expert}.w3.weight"] = matrix(f, d, 1.5)
            tensors[f"{moe}.experts.{expert}.w2.weight"] = matrix(d, f, 1.5)
    return {name: tensor.astype(config["dtype"]) for name, tensor in tensors.items()}


@torch.no_grad()
def in_chunks(model, ids, sizes):
    """The logits again, computed chunk by chunk with transformers' own cache."""
    cache, rows, start = None, [], 0
    for size in sizes:
        output = model(torch.tensor([ids[start : start + size]]), past_key_values=cache, use_cache=True)
        cache, start = output.past_key_values, start + size
        rows.append(output.logits[0].numpy())
    return np.concatenate(rows)


def main():
    for number, (name, variant) in enumerate(VARIANTS.items()):
        config = COMMON | variant
        rng = np.random.default_rng(17 + number)
        folder = FIXTURES / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
        save_file(weights(config, rng), folder / "model.safetensors", metadata={"format": "pt"})
        model = load_model(folder)
        cases = []
        for length in LENGTHS:
            ids = rng.integers(0, config["vocab_size"], length).tolist()
            logits, layers = route(model, ids)
            closest = min(margin(layer["router_logits"], config["num_experts_per_tok"]).min() for layer in layers)
            assert closest > 3e-3, f"{name}, {length} tokens: a choice is too close to a tie ({closest}); take another seed"
            if length > 5:
                chunked = in_chunks(model, ids, (3, 1, 9, length - 13))
                assert np.abs(chunked - logits).max() < 1e-4, "transformers disagrees with itself when it uses its cache"
            print(f"{name}: {length} tokens, closest choice {closest:.4f}, logits' deviation {logits.std():.2f}")
            cases.append(
                {
                    "ids": ids,
                    "logits": numbers(logits),
                    "layers": [{key: numbers(value) for key, value in layer.items()} for layer in layers],
                }
            )
        write_json(folder / "expected.json", {f"tokens_{len(case['ids'])}": case for case in cases})


if __name__ == "__main__":
    main()
