"""Do answer positions survive the way from characters to tokens and back, in passages of any length?"""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from knowledge_base.encoder import minilm_directory
from knowledge_base.reader.examples import Example, Span
from knowledge_base.reader.exercises import make_exercises
from knowledge_base.reader.windows import make_windows

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

pytestmark = pytest.mark.full

LONG = " ".join(f"Sentence {n} says that part {n} weighs {n * 7} grams, naïvely." for n in range(80))


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerBase:
    from transformers import AutoTokenizer

    tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(str(minilm_directory()))
    return tokenizer


def text_of(token_places: tuple[tuple[int, int] | None, ...], text: str) -> str:
    places = [place for place in token_places if place is not None]
    return text[places[0][0] : places[-1][1]]


def test_a_short_passage_is_one_window_over_all_of_it(tokenizer: PreTrainedTokenizerBase) -> None:
    text = "It weighs 2 kg."
    (window,) = make_windows(tokenizer, "how heavy?", "Stavell Lamp", text)
    assert text_of(window.places, text) == text
    assert len(window.token_ids) == len(window.segment_ids) == len(window.places)
    assert window.token_ids[0] == tokenizer.cls_token_id
    assert (
        tokenizer.decode(list(window.token_ids))
        == "[CLS] how heavy? [SEP] stavell lamp : it weighs 2 kg. [SEP]"
    )


def test_the_title_is_never_a_place_of_the_text(tokenizer: PreTrainedTokenizerBase) -> None:
    title = "It weighs 2 kg"
    (window,) = make_windows(tokenizer, "it weighs 2 kg?", title, title)
    assert [place for place in window.places if place is not None] == [(0, 2), (3, 9), (10, 11), (12, 14)]


def test_windows_overlap_and_miss_nothing(tokenizer: PreTrainedTokenizerBase) -> None:
    windows = make_windows(tokenizer, "how heavy?", "Parts", LONG)
    spans = [[place for place in window.places if place is not None] for window in windows]
    assert len(windows) > 3
    assert max(len(window.token_ids) for window in windows) <= 192
    assert (spans[0][0][0], spans[-1][-1][1]) == (0, len(LONG))
    assert all(later[0][0] < earlier[-1][1] for earlier, later in pairwise(spans))


def test_the_title_stands_in_the_first_window_only_or_in_none(tokenizer: PreTrainedTokenizerBase) -> None:
    for window in make_windows(tokenizer, "q", "Parts", LONG):
        assert all(place is None or LONG[place[0] : place[1]].strip() for place in window.places)


@pytest.mark.parametrize("seed", range(5))
def test_every_answer_is_found_again_in_its_tokens(tokenizer: PreTrainedTokenizerBase, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(20):
        number = rng.randrange(80)
        answer = f"part {number} weighs {number * 7} grams"
        start = LONG.index(answer)
        example = Example("how heavy?", "Parts", LONG, (Span(start, start + len(answer)),), "shop")
        (exercise,) = make_exercises([example], tokenizer, rng)
        first, last = exercise.window.places[exercise.start], exercise.window.places[exercise.end]
        assert first is not None
        assert last is not None
        assert LONG[first[0] : last[1]] == answer


def test_an_answer_that_no_window_holds_is_left_out(tokenizer: PreTrainedTokenizerBase) -> None:
    everything = Example("q", "", LONG, (Span(0, len(LONG)),), "shop")
    assert make_exercises([everything], tokenizer, random.Random(1)) == []


def test_where_nothing_is_answered_the_exercise_points_at_the_start(
    tokenizer: PreTrainedTokenizerBase,
) -> None:
    (exercise,) = make_exercises([Example("q", "", LONG, (), "shop")], tokenizer, random.Random(1))
    assert (exercise.start, exercise.end) == (0, 0)


@pytest.mark.parametrize(
    "question",
    ["", " ", "한" * 300, "重" * 300, "?" * 5000, "a" * 300, "🙂" * 300, "x " * 150, "how heavy?\x00\n\n"],
)
@pytest.mark.parametrize("text", ["", " ", "It weighs 2 kg.", LONG])
def test_any_question_over_any_text_fits(
    tokenizer: PreTrainedTokenizerBase, question: str, text: str
) -> None:
    windows = make_windows(tokenizer, question, "Lamp", text)
    assert 1 <= len(windows) < 60
    assert all(len(window.token_ids) <= 192 for window in windows)


def test_characters_of_more_than_one_byte_keep_their_places(tokenizer: PreTrainedTokenizerBase) -> None:
    text = "🙂 Größe: 42 cm – “neu” 重 x"
    (window,) = make_windows(tokenizer, "größe?", "Ärmel", text)
    assert "42" in [text[place[0] : place[1]] for place in window.places if place is not None]


def test_readers_in_several_threads_do_not_disturb_each_other() -> None:
    from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering

    from knowledge_base.reader.calibration import Calibration
    from knowledge_base.reader.reader import BertReader, Reading

    tokenizer = AutoTokenizer.from_pretrained(str(minilm_directory()))
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    reader = BertReader(BertForQuestionAnswering(config), tokenizer, Calibration())
    alone = [reader.read(f"question {n}?", [Reading("Parts", LONG[: 100 * n + 50])]) for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        together = pool.map(
            lambda n: reader.read(f"question {n % 8}?", [Reading("Parts", LONG[: 100 * (n % 8) + 50])]),
            range(64),
        )
    for number, spans in enumerate(together):
        expected, found = alone[number % 8][0], spans[0]
        assert expected is not None
        assert found is not None
        assert (found.start, found.end) == (expected.start, expected.end)
