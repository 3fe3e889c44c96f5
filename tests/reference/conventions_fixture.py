"""Writes tests/fixtures/conventions.json: what the routers of four models in transformers do with the same kind of input.

    python tests/reference/conventions_fixture.py

Mixtral's, OLMoE's, Qwen3-MoE's and gpt-oss's own router classes in float64 where they allow it (three of them compute their softmax in
float32). `jacobian` is PyTorch's derivative of the weights of the first token with respect to its logits: the same class with the unit
matrix as weight and no bias, so that its input is its logits.
"""

import torch
from transformers import GptOssConfig, MixtralConfig, OlmoeConfig, Qwen3MoeConfig
from transformers.models.gpt_oss.modeling_gpt_oss import GptOssTopKRouter
from transformers.models.mixtral.modeling_mixtral import MixtralTopKRouter
from transformers.models.olmoe.modeling_olmoe import OlmoeTopKRouter
from transformers.models.qwen3_moe.modeling_qwen3_moe import Qwen3MoeTopKRouter

from common import plain, write_cases

# tokens, experts, width, experts for a token
SHAPES = ((1, 4, 6, 2), (9, 8, 5, 2), (7, 16, 6, 4), (6, 4, 5, 4))


def router(convention, experts, width, k):
    # The class's default is not to renormalise; the released Qwen3-MoE checkpoints do (norm_topk_prob in their config.json).
    kind, config = {
        "mixtral": (MixtralTopKRouter, lambda: MixtralConfig(num_local_experts=experts, hidden_size=width, num_experts_per_tok=k)),
        "olmoe": (OlmoeTopKRouter, lambda: OlmoeConfig(num_experts=experts, hidden_size=width, num_experts_per_tok=k)),
        "qwen3-moe": (
            Qwen3MoeTopKRouter,
            lambda: Qwen3MoeConfig(num_experts=experts, hidden_size=width, num_experts_per_tok=k, norm_topk_prob=True),
        ),
        "gpt-oss": (GptOssTopKRouter, lambda: GptOssConfig(num_local_experts=experts, hidden_size=width, num_experts_per_tok=k)),
    }[convention]
    return kind(config()).double()


def case(convention, tokens, experts, width, k):
    gate = router(convention, experts, width, k)
    x, pull = torch.randn(tokens, width).double(), torch.randn(tokens, k).double()
    with torch.no_grad():
        gate.weight.copy_(torch.randn(experts, width).double() / 2)
        if hasattr(gate, "bias"):
            gate.bias.copy_(torch.randn(experts).double() / 2)
    logits, weights, chosen = gate(x)
    (weights * pull).sum().backward()
    result = {"convention": convention, "top_k": k, "x": x, "gate": gate.weight, "pull": pull}
    result |= {"logits": logits, "probs": logits.softmax(-1), "experts": chosen, "weights": weights, "gradient": gate.weight.grad}
    if hasattr(gate, "bias"):
        result |= {"bias": gate.bias, "bias_gradient": gate.bias.grad}
    plain_gate = router(convention, experts, experts, k)
    with torch.no_grad():
        plain_gate.weight.copy_(torch.eye(experts))
        if hasattr(plain_gate, "bias"):
            plain_gate.bias.zero_()
    result["jacobian"] = torch.autograd.functional.jacobian(lambda h: plain_gate(h[None])[1][0], logits[0].detach())
    return result


def main():
    torch.manual_seed(14)
    conventions = ("mixtral", "olmoe", "qwen3-moe", "gpt-oss")
    write_cases("conventions.json", [plain(case(one, *shape), 8) for one in conventions for shape in SHAPES])


if __name__ == "__main__":
    main()
