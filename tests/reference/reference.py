"""What transformers computes for a Mixtral folder: the independent reference for our model.

Other people's code decides here: transformers' MixtralForCausalLM and tokenizers' reader of tokenizer.json. This file
only loads, checks that nothing was left out while loading, and collects the numbers.
"""

import json
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import MixtralForCausalLM


def load_model(folder):
    """Loads a Mixtral folder as it is and computes in float32. Fails if any tensor was missing, unexpected or misshapen."""
    torch.manual_seed(0)
    model, info = MixtralForCausalLM.from_pretrained(
        folder,
        dtype=torch.float32,
        attn_implementation="eager",
        experts_implementation="eager",
        output_loading_info=True,
    )
    for what in ("missing_keys", "unexpected_keys", "mismatched_keys", "error_msgs"):
        found = info.get(what)
        assert not found, f"{folder}: transformers reports {what}: {found}"
    return model.eval()


def load_tokenizer(folder):
    """The folder's tokenizer.json, read by Hugging Face's tokenizers."""
    return Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))


@torch.no_grad()
def route(model, ids):
    """Runs ids [T]; gives logits [T, V] and, for each layer, router logits [T, E], chosen experts and weights [T, k]."""
    gates = []
    hooks = [
        layer.mlp.gate.register_forward_hook(lambda _module, _input, output: gates.append(output))
        for layer in model.model.layers
    ]
    try:
        output = model(torch.tensor([list(ids)]), use_cache=False, output_router_logits=True)
    finally:
        for hook in hooks:
            hook.remove()
    layers = [
        {"router_logits": logits.numpy(), "experts": experts.numpy(), "weights": weights.numpy()}
        for logits, weights, experts in gates
    ]
    assert len(layers) == len(output.router_logits), "one gate for each layer"
    return output.logits[0].numpy(), layers


def margin(router_logits, top_k):
    """For each token, how far the last chosen expert's logit is above the first one left out."""
    ordered = np.sort(router_logits, axis=-1)[:, ::-1]
    if ordered.shape[1] == top_k:
        return np.full(len(ordered), np.inf)
    return ordered[:, top_k - 1] - ordered[:, top_k]


def numbers(array):
    """A float array as nested lists that print with just enough digits to give the same float32 back."""
    if isinstance(array, np.ndarray) and array.dtype.kind == "f":
        return [numbers(row) if row.ndim else float(np.format_float_positional(row, unique=True)) for row in array.astype(np.float32)]
    return np.asarray(array).tolist()


def write_json(path, value):
    """Writes compact JSON, one top-level key a line, so that a change can be read in a diff."""
    lines = [f"{json.dumps(key)}: {json.dumps(item, ensure_ascii=False, separators=(',', ':'))}" for key, item in value.items()]
    Path(path).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
