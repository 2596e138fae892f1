"""How does a question over a passage of any length become token windows that the model can read?

One window is ``[CLS] question [SEP] title: passage part [SEP]``. The title tells the model what "it" is;
answers never lie in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import BatchEncoding, PreTrainedTokenizerBase

MAX_TOKENS = 192
STRIDE_TOKENS = 48
_MAX_QUESTION_CHARACTERS = 300
_MAX_TITLE_CHARACTERS = 80
_SPECIAL_TOKENS = 3
_MIN_NEW_TOKENS = 32


@dataclass(frozen=True)
class Window:
    """Token ids of one window and, per token, its characters in the passage's text.

    ``places[i]`` is None where token i is not part of the text (question, title, special token).
    Token 0 is [CLS]; pointing at it means "not answered here".
    """

    token_ids: tuple[int, ...]
    segment_ids: tuple[int, ...]
    places: tuple[tuple[int, int] | None, ...]


def make_windows(
    tokenizer: PreTrainedTokenizerBase, question: str, title: str, text: str, max_tokens: int = MAX_TOKENS
) -> list[Window]:
    """Splits the passage into overlapping windows of at most ``max_tokens`` tokens each, in order, at least
    one."""
    prefix = f"{title[:_MAX_TITLE_CHARACTERS]}: " if title else ""
    encoded = tokenizer(
        _shortened(tokenizer, question.strip()[:_MAX_QUESTION_CHARACTERS], max_tokens),
        prefix + text,
        truncation="only_second",
        max_length=max_tokens,
        stride=STRIDE_TOKENS,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        return_token_type_ids=True,
    )
    return [
        Window(
            tuple(encoded["input_ids"][row]),
            tuple(encoded["token_type_ids"][row]),
            _places(encoded, row, len(prefix)),
        )
        for row in range(len(encoded["input_ids"]))
    ]


def _shortened(tokenizer: PreTrainedTokenizerBase, question: str, max_tokens: int) -> str:
    """The question's beginning, so far that every window has room for a new part of the passage."""
    room = max_tokens - _SPECIAL_TOKENS - STRIDE_TOKENS - _MIN_NEW_TOKENS
    offsets = tokenizer(question, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    return question if len(offsets) <= room else question[: offsets[room - 1][1]]


def _places(encoded: BatchEncoding, row: int, prefix_length: int) -> tuple[tuple[int, int] | None, ...]:
    offsets = encoded["offset_mapping"][row]
    parts = encoded.sequence_ids(row)
    return tuple(
        (start - prefix_length, end - prefix_length)
        if part == 1 and start >= prefix_length and end > start
        else None
        for part, (start, end) in zip(parts, offsets, strict=True)
    )
