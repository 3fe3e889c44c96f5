"""Writes a Mixtral folder as the ONNX graph that PyTorch's own exporter makes of transformers' model, nothing tuned by us.

    python tests/reference/onnx_export.py assets/models/mixtral OUT.onnx

Needs tests/reference/requirements.txt and onnx-requirements.txt, and onnxscript. Of transformers' ways to compute the
experts only `batched_mm` can be exported: it gathers the chosen experts' weights for every token.
"""

import argparse

import torch
from transformers import MixtralForCausalLM


class Logits(torch.nn.Module):
    """ids [1, T] to logits [1, T, V], without a cache."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, ids):
        """The whole table of logits."""
        return self.model(input_ids=ids, use_cache=False).logits


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("out")
    arguments = parser.parse_args()
    model = MixtralForCausalLM.from_pretrained(arguments.folder, dtype=torch.float32, attn_implementation="eager").eval()
    model.set_experts_implementation("batched_mm")
    torch.onnx.export(
        Logits(model), (torch.zeros((1, 256), dtype=torch.int64),), arguments.out, dynamo=True, external_data=False,
        input_names=["ids"], output_names=["logits"], opset_version=18,
        dynamic_shapes={"ids": {1: torch.export.Dim("tokens", min=2, max=4096)}},
    )  # fmt: skip


if __name__ == "__main__":
    main()
