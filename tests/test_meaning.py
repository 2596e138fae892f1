"""Does the meaning of a shopper point where they look, search and buy?"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from shopper_fakes import NOON, PLACES, axis, encode, event, order

from bot.shoppers.event_weights import HALF_LIFE, freshness
from bot.shoppers.events import Event
from bot.shoppers.meaning import Meaning, TextVectors, Vectors, fold_meaning


def meaning_of(
    *events: Event, texts: TextVectors | None = None, before: Meaning | None = None
) -> Meaning | None:
    return fold_meaning(before, events, Vectors(events, PLACES, texts))


def direction(*events: Event, texts: TextVectors | None = None) -> npt.NDArray[np.float32]:
    meaning = meaning_of(*events, texts=texts)
    assert meaning is not None
    assert np.linalg.norm(meaning.direction) == pytest.approx(1)
    assert meaning.direction.dtype == np.float32
    return meaning.direction


def test_it_points_where_more_weight_is() -> None:
    both = direction(event(1, sku="L-1"), order(2, T_1=1))
    assert both == pytest.approx(np.array([1, 5, 0, 0]) / np.sqrt(26))
    faded = direction(event(1, sku="L-1", at=NOON - HALF_LIFE), event(2, sku="T-1"))
    assert faded == pytest.approx(np.array([1, 2, 0, 0]) / np.sqrt(5))


def test_words_count_where_there_is_an_encoder() -> None:
    search = event(1, "Products Searched", None, query="a warm tent")
    praise = event(2, "Product Reviewed", "L-1", rating=5, text="My best lamp")
    assert direction(search, texts=TextVectors(encode)) == pytest.approx(axis(1))
    assert direction(praise, texts=TextVectors(encode)) == pytest.approx(axis(0))
    assert meaning_of(search) is None


def test_a_product_without_a_vector_is_read_from_its_text() -> None:
    view = event(1, sku="L-3", category="Lamps")
    assert direction(view, texts=TextVectors(encode)) == pytest.approx(axis(0))
    assert meaning_of(view) is None


def test_bad_reviews_dismissals_and_gone_products_add_nothing() -> None:
    nothing = (
        event(1, "Product Reviewed", "L-1", rating=1, text="Worst tent"),
        event(2, "Recommendation Dismissed", "L-1"),
        event(3, sku="GONE"),
        order(4, GONE=2),
        event(5, "Message Sent", None, channel="chat"),
    )
    assert meaning_of(*nothing, texts=TextVectors(encode)) is None


def test_order_and_division_of_the_events_change_nothing() -> None:
    random = Random(3)
    events = [
        event(n, sku=random.choice(("L-1", "T-1", "L-3")), at=NOON - random.random() * 5 * HALF_LIFE)
        for n in range(60)
    ]
    texts = TextVectors(encode)
    whole = meaning_of(*events, texts=texts)
    shuffled = random.sample(events, k=60)
    halves = meaning_of(*shuffled[20:], texts=texts, before=meaning_of(*shuffled[:20], texts=texts))
    assert whole is not None
    assert halves is not None
    assert halves.direction == pytest.approx(whole.direction, abs=1e-6)
    assert halves.length == pytest.approx(whole.length, rel=1e-6)


def test_it_comes_back_from_bytes() -> None:
    meaning = meaning_of(event(1, sku="L-1"))
    assert meaning is not None
    assert meaning.length == pytest.approx(freshness(NOON))
    again = Meaning.from_bytes(meaning.as_bytes(), meaning.length)
    assert np.array_equal(again.direction, meaning.direction)
    assert len(meaning.as_bytes()) == 4 * 4


def test_a_text_is_encoded_once() -> None:
    batches: list[list[str]] = []

    def counting(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        batches.append(list(texts))
        return encode(texts)

    texts = TextVectors(counting)
    first = texts.of(["a tent", "a lamp", "a tent"])
    second = texts.of(["a tent", "x" * 5000])
    assert batches == [["a lamp", "a tent"], ["x" * 600]]
    assert np.array_equal(first["a tent"], second["a tent"])
    assert set(second) == {"a tent", "x" * 5000}
