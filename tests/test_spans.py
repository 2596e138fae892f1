"""Is the best run of tokens taken, inside the text, inside the limit, inside one line?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pytest

from knowledge_base.reader.spans import MAX_ANSWER_TOKENS, ScoredSpan, best_span
from knowledge_base.reader.windows import Window

Logits = npt.NDArray[np.float32]


def window(words: int, first_character: int = 0) -> Window:
    """[CLS] question [SEP] and then ``words`` words of one character with a space between, and [SEP]."""
    places = [(first_character + 2 * n, first_character + 2 * n + 1) for n in range(words)]
    size = words + 4
    return Window((1,) * size, (0,) * size, (None, None, None, *places, None))


def logits(size: int, values: Mapping[int, float]) -> Logits:
    made = np.zeros(size, dtype=np.float32)
    for index, value in values.items():
        made[index] = value
    return made


def best(
    words: int, starts: Mapping[int, float], ends: Mapping[int, float], text: str = ""
) -> ScoredSpan | None:
    return best_span([window(words)], [logits(words + 4, starts)], [logits(words + 4, ends)], text)


def test_the_margin_is_what_the_span_has_over_no_answer() -> None:
    assert best(5, {0: 1.0, 4: 3.0}, {0: 0.5, 6: 4.0}) == ScoredSpan(2, 7, 5.5)


def test_question_and_special_tokens_are_never_an_answer() -> None:
    assert best(3, {1: 9.0, 2: 9.0, 6: 9.0}, {1: 9.0, 6: 9.0, 5: 1.0}) == ScoredSpan(0, 5, 1.0)


def test_a_span_never_ends_before_it_starts() -> None:
    assert best(4, {6: 5.0}, {3: 5.0}) == ScoredSpan(6, 7, 5.0)


def test_a_span_is_at_most_as_long_as_the_limit() -> None:
    last = 3 + MAX_ANSWER_TOKENS
    just_in = best(60, {3: 5.0}, {last - 1: 5.0})
    too_long = best(60, {3: 5.0}, {last: 5.0})
    assert just_in == ScoredSpan(0, 2 * (MAX_ANSWER_TOKENS - 1) + 1, 10.0)
    assert too_long is not None
    assert too_long.margin == 5.0


def test_a_span_does_not_cross_a_line_break() -> None:
    assert best(4, {3: 5.0}, {6: 5.0}, "a b c d") == ScoredSpan(0, 7, 10.0)
    crossing = best(4, {3: 5.0}, {6: 5.0, 4: 1.0}, "a b\nc d")
    assert crossing == ScoredSpan(0, 3, 6.0)


def test_the_better_window_wins_and_the_earlier_one_on_a_tie() -> None:
    windows = [window(3), window(3, first_character=20)]
    better = [logits(7, {3: 1.0}), logits(7, {3: 2.0})]
    equal = [logits(7, {3: 1.0}), logits(7, {3: 1.0})]
    ends = [logits(7, {3: 1.0})] * 2
    assert best_span(windows, better, ends) == ScoredSpan(20, 21, 3.0)
    assert best_span(windows, equal, ends) == ScoredSpan(0, 1, 2.0)


def test_each_window_is_compared_with_its_own_no_answer() -> None:
    windows = [window(2), window(2, first_character=20)]
    starts = [logits(6, {0: 5.0, 3: 6.0}), logits(6, {0: -5.0, 3: 1.0})]
    assert best_span(windows, starts, [logits(6, {}), logits(6, {})]) == ScoredSpan(20, 21, 6.0)


def test_without_text_there_is_no_span() -> None:
    assert best_span([window(0)], [logits(4, {})], [logits(4, {})]) is None
    assert best_span([], [], []) is None


def test_every_window_needs_its_logits() -> None:
    with pytest.raises(ValueError, match="zip"):
        best_span([window(1)], [], [])


@pytest.mark.parametrize("seed", range(20))
def test_the_margin_is_that_of_an_exhaustive_search(seed: int) -> None:
    rng = np.random.default_rng(seed)
    starts, ends = rng.normal(size=(2, 14)).astype(np.float32)
    found = best_span([window(10)], [starts], [ends])
    pairs = [(first, last) for first in range(3, 13) for last in range(first, 13)]
    highest = max(float(starts[first] + ends[last]) for first, last in pairs)
    assert found is not None
    assert found.margin == pytest.approx(highest - float(starts[0] + ends[0]), abs=1e-5)
