"""Given a question and a few passages, which words of which passage answer it, and how sure is that?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from knowledge_base.encoder import ModelMissing
from knowledge_base.reader.calibration import Calibration, read_calibration
from knowledge_base.reader.precision import Precision, in_precision
from knowledge_base.reader.spans import ScoredSpan, best_span
from knowledge_base.reader.windows import MAX_TOKENS, Window, make_windows

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

SHIPPED_WEIGHTS = Path(__file__).parent / "weights"


@dataclass(frozen=True)
class Reading:
    """One passage to read: its title (what "it" means) and its text."""

    title: str
    text: str


class Reader(Protocol):
    """Reads passages for one question: one span or None a passage, in order."""

    @property
    def calibration(self) -> Calibration: ...

    def read(self, question: str, passages: Sequence[Reading]) -> list[ScoredSpan | None]: ...


class BertReader:
    """A BERT-style question answering model in inference mode on the CPU, or on a GPU if there is one."""

    def __init__(
        self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, calibration: Calibration
    ) -> None:
        import torch

        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model = model.to(self._device).eval()
        self._tokenizer = tokenizer
        # A fast tokenizer keeps its truncation as state, so two threads cannot use it at once.
        self._tokenizing = Lock()
        self._takes_segments = "token_type_ids" in tokenizer.model_input_names
        self.calibration = calibration

    def read(self, question: str, passages: Sequence[Reading]) -> list[ScoredSpan | None]:
        """All windows of all passages go through the model as one batch."""
        with self._tokenizing:
            windows = [make_windows(self._tokenizer, question, p.title, p.text, MAX_TOKENS) for p in passages]
        starts, ends = self._logits([window for group in windows for window in group])
        spans, at = [], 0
        for group, passage in zip(windows, passages, strict=True):
            here = slice(at, at + len(group))
            spans.append(best_span(group, starts[here], ends[here], passage.text))
            at += len(group)
        return spans

    def _logits(
        self, windows: Sequence[Window]
    ) -> tuple[list[npt.NDArray[np.float32]], list[npt.NDArray[np.float32]]]:
        """Start and end logits, one array of shape (tokens,) a window."""
        import torch

        if not windows:
            return [], []
        longest = max(len(window.token_ids) for window in windows)
        ids = np.zeros((len(windows), longest), dtype=np.int64)
        segments, mask = np.zeros_like(ids), np.zeros_like(ids)
        for row, window in enumerate(windows):
            length = len(window.token_ids)
            ids[row, :length], segments[row, :length] = window.token_ids, window.segment_ids
            mask[row, :length] = 1
        inputs = {"input_ids": ids, "attention_mask": mask}
        if self._takes_segments:
            inputs["token_type_ids"] = segments
        tensors = {name: torch.from_numpy(value).to(self._device) for name, value in inputs.items()}
        with torch.inference_mode():
            output = self._model(**tensors)
        starts, ends = output.start_logits.float().cpu().numpy(), output.end_logits.float().cpu().numpy()
        lengths = [len(window.token_ids) for window in windows]
        return (
            [starts[row, :length] for row, length in enumerate(lengths)],
            [ends[row, :length] for row, length in enumerate(lengths)],
        )


def load_reader(model: str | None = None, precision: Precision = "auto") -> BertReader:
    """``model`` is a directory or a hub name; None takes the weights shipped with Storekeep. ``precision``
    is for
    processors without a GPU beside them; on one the model stays in float32.

    Raises ModelMissing if it cannot be loaded or has no question answering head.
    """
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer, logging

    place = model if model is not None else str(SHIPPED_WEIGHTS)
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        tokenizer = AutoTokenizer.from_pretrained(place, use_fast=True)
        weights, report = AutoModelForQuestionAnswering.from_pretrained(
            place, output_loading_info=True, dtype="float32"
        )
        calibration = read_calibration(Path(place))
    except (OSError, ValueError, SafetensorError) as error:
        raise ModelMissing(f"the reader {place!r} cannot be loaded: {error}") from error
    if any("qa_outputs" in key for key in report["missing_keys"]):
        raise ModelMissing(
            f"{place!r} has no question answering head; "
            f"train one with 'storekeep train reader --base {place}'"
        )
    if not torch.cuda.is_available():
        weights = in_precision(weights.eval(), precision)
    return BertReader(weights, tokenizer, calibration)
