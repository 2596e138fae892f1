"""What vector stands for a sentence? The exported MiniLM graph, run by onnxruntime on one thread."""

from __future__ import annotations

import json
import os
from collections import OrderedDict
from pathlib import Path
from typing import Any, Optional

import numpy as np

LONGEST_TEXT = 1000
LONGEST_TOKENS = 128
REMEMBERED = 2048


class EncoderMissing(Exception):
    """The sentence encoder was not exported to the data directory."""


def encoder_dir() -> Path:
    """Where `storekeep export-encoder` puts the encoder: models/minilm under STOREKEEP_DATA_DIR."""
    return Path(os.environ.get("STOREKEEP_DATA_DIR", ".storekeep")) / "models" / "minilm"


def encoder_fingerprint(folder: Path) -> str:
    """Names the weights that the export in `folder` was made from. Raises EncoderMissing."""
    try:
        source = json.loads((folder / "source.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EncoderMissing(
            f"There is no sentence encoder in {folder}; run 'storekeep export-encoder' first ({error})."
        ) from error
    return str(source["fingerprint"])


class SentenceEncoder:
    """Loads at the first sentence; remembers the vectors of the last `remembered` different ones."""

    def __init__(self, folder: Path, remembered: int = REMEMBERED) -> None:
        self._folder = folder
        self._remembered = remembered
        self._vectors: "OrderedDict[str, np.ndarray]" = OrderedDict()
        self._session: Any = None
        self._tokenizer: Any = None

    def encode(self, text: str) -> np.ndarray:
        """float32 of shape (dimensions,), length 1, of the first 1,000 characters. Raises EncoderMissing."""
        text = text[:LONGEST_TEXT]
        vector: Optional[np.ndarray] = self._vectors.get(text)
        if vector is None:
            vector = self._run(text)
            self._vectors[text] = vector
            if len(self._vectors) > self._remembered:
                self._vectors.popitem(last=False)
        else:
            self._vectors.move_to_end(text)
        return vector

    def _run(self, text: str) -> np.ndarray:
        if self._session is None:
            self._load()
        encoding = self._tokenizer.encode(text)
        tokens = {
            "input_ids": np.array([encoding.ids], dtype=np.int64),
            "attention_mask": np.array([encoding.attention_mask], dtype=np.int64),
        }
        vector: np.ndarray = self._session.run(None, tokens)[0][0]
        vector.setflags(write=False)
        return vector

    def _load(self) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        encoder_fingerprint(self._folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST_TOKENS)
        self._session = onnxruntime.InferenceSession(
            str(self._folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
