"""Writes tests/fixtures/deepseek.json: what transformers' DeepSeek-V3 router does.

    python tests/reference/deepseek_fixture.py

`DeepseekV3TopkRouter` with one group of experts and a scaling factor of 1; it computes in float32 whatever it is given. The gradient of
the weights is PyTorch's. The bias's movement, which transformers does not have, follows Wang et al. 2024 (arXiv:2408.15664): every
expert with less than the mean load goes up by u, every one with more goes down.
"""

import torch
from transformers import DeepseekV3Config
from transformers.models.deepseek_v3.modeling_deepseek_v3 import DeepseekV3TopkRouter

from common import plain, write_cases

# tokens, experts, width, experts for a token, size of the bias
SHAPES = ((1, 4, 6, 2, 0.0), (9, 8, 5, 3, 0.2), (12, 16, 8, 3, 0.5), (7, 5, 4, 1, 0.3), (6, 4, 5, 4, 0.3))
SPEED = 0.01


def case(tokens, experts, width, k, size):
    config = DeepseekV3Config(
        hidden_size=width,
        n_routed_experts=experts,
        num_experts_per_tok=k,
        n_group=1,
        topk_group=1,
        norm_topk_prob=True,
        routed_scaling_factor=1.0,
    )
    router = DeepseekV3TopkRouter(config)
    x, pull = torch.randn(tokens, width), torch.randn(tokens, k)
    with torch.no_grad():
        router.weight.copy_(torch.randn(experts, width) / 2)
        router.e_score_correction_bias.copy_(size * torch.randn(experts))
    logits, weights, chosen = router(x)
    # The router leaves the order open; here the largest weight comes first.
    order = weights.detach().argsort(dim=1, descending=True)
    weights, chosen = weights.gather(1, order), chosen.gather(1, order)
    (weights * pull).sum().backward()
    loads = [int((chosen == e).sum()) for e in range(experts)]
    mean = tokens * k / experts
    moved = [float(b) + SPEED * ((load < mean) - (load > mean)) for b, load in zip(router.e_score_correction_bias, loads)]
    return {
        "top_k": k,
        "x": x,
        "gate": router.weight,
        "bias": router.e_score_correction_bias,
        "pull": pull,
        "logits": logits,
        "probs": logits.sigmoid(),
        "experts": chosen,
        "weights": weights,
        "gradient": router.weight.grad,
        "speed": SPEED,
        "moved": moved,
    }


def main():
    torch.manual_seed(13)
    write_cases("deepseek.json", [plain(case(*shape), 9) for shape in SHAPES])


if __name__ == "__main__":
    main()
