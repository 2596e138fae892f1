"""Which run of tokens is the best answer, given the model's logits for start and end?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge_base.reader.windows import Window

MAX_ANSWER_TOKENS = 30
_CANDIDATES = 12


@dataclass(frozen=True)
class ScoredSpan:
    """Characters ``start`` to ``end`` of a passage, and how far they beat "not answered here".

    ``margin`` is the span's start and end logit minus those of [CLS]: any real number, above 0 means that the
    model prefers the span (the no-answer score of Devlin et al. 2019, section 4.3).
    """

    start: int
    end: int
    margin: float


def best_span(
    windows: Sequence[Window],
    start_logits: Sequence[npt.NDArray[np.float32]],
    end_logits: Sequence[npt.NDArray[np.float32]],
    text: str = "",
) -> ScoredSpan | None:
    """The span with the largest margin over all windows of one passage; logits are one array of shape
    (tokens,) a window.

    A span starts and ends in the passage's text, in one window, and is at most MAX_ANSWER_TOKENS long. Ties
    go to the earlier window, then to the larger start logit, then to the shorter span. None if no window has
    text. ``text`` is the passage: no span crosses a line break of it, so a list item is never mixed with the
    next.
    """
    best: ScoredSpan | None = None
    for window, starts, ends in zip(windows, start_logits, end_logits, strict=True):
        here = _best_in_window(window, starts, ends, text)
        if here is not None and (best is None or here.margin > best.margin):
            best = here
    return best


def _best_in_window(
    window: Window, starts: npt.NDArray[np.float32], ends: npt.NDArray[np.float32], text: str
) -> ScoredSpan | None:
    is_text = np.array([place is not None for place in window.places])
    if not is_text.any():
        return None
    length = len(window.places)
    firsts = np.argsort(np.where(is_text, -starts[:length], np.inf), kind="stable")[:_CANDIDATES]
    best: tuple[float, int, int] | None = None
    for first in (int(index) for index in firsts if is_text[index]):
        stop = _line_stop(window, first, min(first + MAX_ANSWER_TOKENS, length), text)
        scores = np.where(is_text[first:stop], ends[first:stop], -np.inf)
        last = first + int(np.argmax(scores))
        score = float(starts[first] + scores[last - first])
        if best is None or score > best[0]:
            best = (score, first, last)
    if best is None:
        return None
    score, first, last = best
    begin, end = window.places[first], window.places[last]
    if begin is None or end is None:
        return None
    return ScoredSpan(begin[0], end[1], score - float(starts[0] + ends[0]))


def _line_stop(window: Window, first: int, stop: int, text: str) -> int:
    """The first token after ``first`` that lies beyond the next line break, or ``stop``."""
    begin = window.places[first]
    line_end = text.find("\n", begin[0]) if begin is not None else -1
    if line_end < 0:
        return stop
    for index in range(first, stop):
        place = window.places[index]
        if place is not None and place[0] >= line_end:
            return index
    return stop
