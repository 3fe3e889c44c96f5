"""How fast PyTorch trains and runs the shape of a Mixtral folder on this machine's CPU: what our speeds are compared with.

python tests/reference/speed.py assets/models/mixtral [--batch 8] [--len 512] [--steps 12] [--experts eager]

`moescope bench --pytorch PYTHON` runs it by turns with ours. Random tokens, AdamW, the same batch as `moescope train` has
by default. Prints one line of JSON for each of transformers'
ways to compute experts. The first two steps are not counted.
"""

import argparse
import json
import statistics
import time

import torch
from transformers import MixtralConfig, MixtralForCausalLM


def train(model, vocabulary, batch, length, steps):
    """Tokens a second of whole training steps, median."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.95))
    speeds = []
    for step in range(steps + 2):
        ids = torch.randint(0, vocabulary, (batch, length))
        started = time.perf_counter()
        loss = model(input_ids=ids, labels=ids, output_router_logits=True, use_cache=False).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if step >= 2:
            speeds.append(batch * length / (time.perf_counter() - started))
    return statistics.median(speeds)


def forward(model, vocabulary, tokens, times=15):
    """Milliseconds for one forward pass of so many tokens, median."""
    ids = torch.randint(0, vocabulary, (1, tokens))
    spans = []
    with torch.no_grad():
        for _ in range(times):
            started = time.perf_counter()
            model(input_ids=ids, use_cache=False)
            spans.append((time.perf_counter() - started) * 1e3)
    return statistics.median(spans[2:])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--len", type=int, default=512)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--experts", nargs="+", default=["eager", "batched_mm", "grouped_mm"])
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    config = MixtralConfig.from_pretrained(arguments.folder)
    for experts in arguments.experts:
        torch.manual_seed(0)
        try:
            model = MixtralForCausalLM._from_config(
                config, dtype=torch.float32, attn_implementation="sdpa", experts_implementation=experts
            )
            result = {
                "experts": experts,
                "train_tokens_per_second": round(
                    train(model.train(), config.vocab_size, arguments.batch, arguments.len, arguments.steps)
                ),
                "forward_256_ms": round(forward(model.eval(), config.vocab_size, 256), 1),
            }
        except (ValueError, RuntimeError, NotImplementedError) as error:
            result = {"experts": experts, "failed": str(error).splitlines()[0]}
        print(json.dumps(result | {"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)


if __name__ == "__main__":
    main()
