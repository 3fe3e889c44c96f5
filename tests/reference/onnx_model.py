"""Writes a Mixtral folder as ONNX graphs, so that onnxruntime-web can run the very weights that the page runs.

    python tests/reference/onnx_model.py assets/models/mixtral OUT_FOLDER

`cargo xtask bench --peers` times all of them and compares ours with the fastest. Three are built by hand, as fast as we know
how to make them for onnxruntime: projections packed, rotary positions and causal attention in its fused GroupQueryAttention.
They differ in how experts are computed:

- dense.onnx: all experts for every token, as two large products, with weights of zero for those that were not chosen.
- sparse.onnx: each expert gathers its tokens, and the outputs are scattered back.
- moe.onnx: onnxruntime's own fused operator MoE.

Two are what a model looks like that was exported from its layers as they are: operators of the ONNX standard, one product for
each weight, attention without a fused operator. What can be fused is onnxruntime's choice:

- plain.onnx: every expert after the other, for all tokens.
- plain-sparse.onnx: the experts of sparse.onnx.

All read `ids` [1, T] and give `logits` [T, V].
"""

import argparse
import json
from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save
from safetensors.numpy import load_file

FUSED = "com.microsoft"


class Graph:
    """Nodes and weights of a graph that is being written."""

    def __init__(self):
        self.nodes, self.weights = [], []

    def add(self, operator, *inputs, outputs=1, domain="", **attributes):
        """A node; its outputs' names."""
        names = [f"{operator}_{len(self.nodes)}_{number}" for number in range(outputs)]
        self.nodes.append(helper.make_node(operator, inputs, names, domain=domain, **attributes))
        return names[0] if outputs == 1 else names

    def constant(self, value, kind=np.float32):
        """A weight; its name."""
        name = f"constant_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.array(value, dtype=kind, order="C"), name))
        return name

    def linear(self, x, weight):
        """x W^T for a weight stored [out, in]."""
        return self.add("MatMul", x, self.constant(weight.T))


def swiglu(graph, gate, up):
    """silu(gate) * up"""
    return graph.add("Mul", graph.add("QuickGelu", gate, domain=FUSED, alpha=1.0), up)


def dense(graph, x, logits, experts, config):
    """All experts: two products, between them a weight for each expert that is zero where it was not chosen."""
    count, inner = config["num_local_experts"], config["intermediate_size"]
    chosen, weights = choose(graph, logits, config)
    zeros = graph.add("Mul", logits, graph.constant(0.0))
    every = graph.add("ScatterElements", zeros, chosen, weights, axis=1)
    gate = graph.linear(x, np.concatenate([w1 for w1, _, _ in experts]))
    up = graph.linear(x, np.concatenate([w3 for _, _, w3 in experts]))
    split = graph.add("Reshape", swiglu(graph, gate, up), graph.constant([-1, count, inner], np.int64))
    scaled = graph.add("Mul", split, graph.add("Unsqueeze", every, graph.constant([2], np.int64)))
    flat = graph.add("Reshape", scaled, graph.constant([-1, count * inner], np.int64))
    return graph.linear(flat, np.concatenate([w2 for _, w2, _ in experts], axis=1))


def sparse(graph, x, logits, experts, config):
    """Each expert for its own tokens."""
    chosen, weights = choose(graph, logits, config)
    rows, outputs = [], []
    for number, (w1, w2, w3) in enumerate(experts):
        at = graph.add("NonZero", graph.add("Equal", chosen, graph.constant(number, np.int64)))
        pairs = graph.add("Transpose", at, perm=[1, 0])
        token = graph.add("Gather", at, graph.constant(0, np.int64), axis=0)
        own = graph.add("Gather", x, token, axis=0)
        both = graph.linear(own, np.concatenate([w1, w3]))
        gate, up = graph.add("Split", both, outputs=2, axis=1, num_outputs=2)
        output = graph.linear(swiglu(graph, gate, up), w2)
        weight = graph.add("Unsqueeze", graph.add("GatherND", weights, pairs), graph.constant([1], np.int64))
        rows.append(graph.add("Unsqueeze", token, graph.constant([1], np.int64)))
        outputs.append(graph.add("Mul", output, weight))
    zeros = graph.add("Mul", x, graph.constant(0.0))
    rows, outputs = graph.add("Concat", *rows, axis=0), graph.add("Concat", *outputs, axis=0)
    return graph.add("ScatterND", zeros, rows, outputs, reduction="add")


def fused(graph, x, logits, experts, config):
    """onnxruntime's MoE; gate and up interleaved, and its SwiGLU reduced to the plain one."""
    first = np.stack([np.stack([w1, w3], axis=1).reshape(-1, w1.shape[1]) for w1, _, w3 in experts])
    second = np.stack([w2 for _, w2, _ in experts])
    return graph.add(
        "MoE", x, logits, graph.constant(first), "", graph.constant(second), domain=FUSED, k=config["num_experts_per_tok"],
        normalize_routing_weights=1, activation_type="swiglu", swiglu_fusion=1, activation_alpha=1.0, activation_beta=0.0,
        swiglu_limit=1e30,
    )  # fmt: skip


def in_turn(graph, x, logits, experts, config):
    """All experts, one after the other."""
    chosen, weights = choose(graph, logits, config)
    every = graph.add("ScatterElements", graph.add("Mul", logits, graph.constant(0.0)), chosen, weights, axis=1)
    mixed = None
    for number, (w1, w2, w3) in enumerate(experts):
        gate = graph.linear(x, w1)
        hidden = graph.add("Mul", graph.add("Mul", gate, graph.add("Sigmoid", gate)), graph.linear(x, w3))
        weight = graph.add("Gather", every, graph.constant([number], np.int64), axis=1)
        output = graph.add("Mul", graph.linear(hidden, w2), weight)
        mixed = output if mixed is None else graph.add("Add", mixed, output)
    return mixed


def plain_norm(graph, x, weight, config):
    """RMSNorm in the operators of its formula."""
    mean = graph.add("ReduceMean", graph.add("Mul", x, x), graph.constant([-1], np.int64), keepdims=1)
    root = graph.add("Sqrt", graph.add("Add", mean, graph.constant(config["rms_norm_eps"])))
    return graph.add("Mul", graph.add("Div", x, root), graph.constant(weight))


def plain_attention(graph, x, weights, angles, config):
    """Rotary positions, scores, mask, softmax."""
    heads, head, window = config["num_attention_heads"], config["head_dim"], config["sliding_window"]
    number = lambda value: graph.constant(value, np.int64)
    tokens = graph.add("Gather", graph.add("Shape", "ids"), number(1))
    turned = [graph.constant(f(np.concatenate([angles, angles], axis=1))) for f in (np.cos, np.sin)]
    end = graph.add("Reshape", tokens, number([1]))
    cos, sin = [graph.add("Slice", table, number([0]), end, number([0])) for table in turned]

    def split(weight):
        parts = graph.add("Reshape", graph.linear(x, weight), number([1, -1, heads, head]))
        return graph.add("Transpose", parts, perm=[0, 2, 1, 3])

    def rotate(part):
        first, second = graph.add("Split", part, outputs=2, axis=3, num_outputs=2)
        half = graph.add("Concat", graph.add("Neg", second), first, axis=3)
        return graph.add("Add", graph.add("Mul", part, cos), graph.add("Mul", half, sin))

    q, k, v = rotate(split(weights["q"])), rotate(split(weights["k"])), split(weights["v"])
    scores = graph.add("MatMul", q, graph.add("Transpose", k, perm=[0, 1, 3, 2]))
    place = graph.add("Range", number(0), tokens, number(1))
    distance = graph.add("Sub", graph.add("Unsqueeze", place, number([1])), graph.add("Unsqueeze", place, number([0])))
    seen = graph.add("GreaterOrEqual", distance, number(0))
    if window:
        seen = graph.add("And", seen, graph.add("Less", distance, number(window)))
    mask = graph.add("Where", seen, graph.constant(0.0), graph.constant(-1e30))
    scores = graph.add("Add", graph.add("Mul", scores, graph.constant(head**-0.5)), mask)
    mixed = graph.add("Transpose", graph.add("MatMul", graph.add("Softmax", scores, axis=-1), v), perm=[0, 2, 1, 3])
    return graph.linear(graph.add("Reshape", mixed, number([1, -1, heads * head])), weights["o"])


def choose(graph, logits, config):
    """The best experts of every token and the softmax over their logits, both [T, k]."""
    best, chosen = graph.add("TopK", logits, graph.constant([config["num_experts_per_tok"]], np.int64), outputs=2, axis=1)
    return chosen, graph.add("Softmax", best, axis=1)


def build(tensors, config, compute_experts, plain=False):
    """The whole model."""
    assert not plain or config["num_key_value_heads"] == config["num_attention_heads"], "plain attention has no groups"
    graph = Graph()
    heads, head, width = config["num_attention_heads"], config["head_dim"], config["hidden_size"]
    window, longest = config["sliding_window"] or -1, config["max_position_embeddings"]
    angles = np.outer(np.arange(longest), config["rope_theta"] ** -(np.arange(0, head, 2) / head))
    cos, sin = graph.constant(np.cos(angles)), graph.constant(np.sin(angles))
    tokens = graph.add("Cast", graph.add("Gather", graph.add("Shape", "ids"), graph.constant(1, np.int64)), to=TensorProto.INT32)
    last = graph.add("Reshape", graph.add("Sub", tokens, graph.constant(1, np.int32)), graph.constant([1], np.int64))
    norm = lambda x, name: (
        plain_norm(graph, x, tensors[name], config)
        if plain
        else graph.add("SimplifiedLayerNormalization", x, graph.constant(tensors[name]), axis=-1, epsilon=config["rms_norm_eps"])
    )
    empty = graph.constant(np.zeros((1, config["num_key_value_heads"], 0, head)))
    embedding = tensors["model.embed_tokens.weight"]
    x = graph.add("Gather", graph.constant(embedding), "ids")
    for layer in range(config["num_hidden_layers"]):
        name = f"model.layers.{layer}."
        weights = {part: tensors[f"{name}self_attn.{part}_proj.weight"] for part in "qkvo"}
        normed = norm(x, f"{name}input_layernorm.weight")
        if plain:
            output = plain_attention(graph, normed, weights, angles, config)
        else:
            packed = graph.linear(normed, np.concatenate([weights[part] for part in "qkv"]))
            attended, _, _ = graph.add(
                "GroupQueryAttention", packed, "", "", empty, empty, last, tokens, cos, sin, outputs=3, domain=FUSED,
                num_heads=heads, kv_num_heads=config["num_key_value_heads"], do_rotary=1, local_window_size=window,
            )  # fmt: skip
            output = graph.linear(attended, weights["o"])
        x = graph.add("Add", x, output)
        flat = graph.add("Reshape", norm(x, f"{name}post_attention_layernorm.weight"), graph.constant([-1, width], np.int64))
        moe = f"{name}block_sparse_moe."
        experts = [
            [tensors[f"{moe}experts.{expert}.w{number}.weight"] for number in (1, 2, 3)]
            for expert in range(config["num_local_experts"])
        ]
        mixed = compute_experts(graph, flat, graph.linear(flat, tensors[f"{moe}gate.weight"]), experts, config)
        x = graph.add("Add", x, graph.add("Unsqueeze", mixed, graph.constant([0], np.int64)))
    final = graph.add("Reshape", norm(x, "model.norm.weight"), graph.constant([-1, width], np.int64))
    graph.nodes.append(helper.make_node("MatMul", [final, graph.constant(embedding.T)], ["logits"]))
    value = helper.make_tensor_value_info
    return helper.make_model(
        helper.make_graph(
            graph.nodes,
            "mixtral",
            [value("ids", TensorProto.INT64, [1, "T"])],
            [value("logits", TensorProto.FLOAT, ["T", config["vocab_size"]])],
            graph.weights,
        ),
        opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid(FUSED, 1)],
        ir_version=9,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    config = json.loads((options.folder / "config.json").read_text())
    tensors = {name: value.astype(np.float32) for name, value in load_file(options.folder / "model.safetensors").items()}
    options.out.mkdir(parents=True, exist_ok=True)
    for name, compute in {"dense": dense, "sparse": sparse, "moe": fused}.items():
        save(build(tensors, config, compute), options.out / f"{name}.onnx")
    for name, compute in {"plain": in_turn, "plain-sparse": sparse}.items():
        save(build(tensors, config, compute, plain=True), options.out / f"{name}.onnx")


if __name__ == "__main__":
    main()
