"""How long does one recommendation take as the catalogue grows?

``python -m benchmarks.recommendation_speed [SIZE...]``. Invented catalogues: vectors in clusters, as those of
real products are; beside it a recommendation by ``implicit`` from as many items.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.timing import Durations, hardware
from bot.recommendations.bought_together import no_pairs
from bot.recommendations.co_behaviour import CoBehaviour
from bot.recommendations.item_index import build_item_index, open_item_index
from bot.recommendations.next_item_model import NextItemModel
from bot.recommendations.recommendation import Wish
from bot.recommendations.recommender import Recommender, ShopperSources
from bot.recommendations.shelf import Goods, Shelf
from bot.recommendations.shelf_keeper import Offer
from bot.shoppers.events import Event
from bot.shoppers.shopper import Shopper

SIZES = (1_000, 100_000, 1_000_000)
DIMENSIONS, TEXT_DIMENSIONS, HISTORY, CLUSTERS = 128, 384, 10, 1000
FOLLOWERS = 20
RUNS = 100


class NoEvents:
    """The shopper comes with what was seen in this visit."""

    def of_shopper(self, shopper: Shopper, limit: int | None = None) -> tuple[Event, ...]:
        return ()


class FixedOffer:
    """One state of the shop."""

    def __init__(self, state: Offer) -> None:
        self._state = state

    def offer(self) -> Offer:
        return self._state


def main(sizes: tuple[int, ...] = SIZES) -> dict[str, Any]:
    results: dict[str, Any] = {"hardware": hardware(), "sizes": [measure(size) for size in sizes]}
    print(json.dumps(results))
    return results


def measure(items: int) -> dict[str, Any]:
    print(f"{items} items", file=sys.stderr)
    draw = np.random.default_rng(7)
    vectors = _clustered(items, DIMENSIONS, draw)
    with tempfile.TemporaryDirectory() as folder:
        started = perf_counter()
        build_item_index(vectors, Path(folder))
        build_seconds = perf_counter() - started
        state = _offer(items, vectors, draw)
        state = replace(state, index=open_item_index(Path(folder)))
        recommender = Recommender(FixedOffer(state), ShopperSources(NoEvents(), lambda customer: frozenset()))
        skus = state.shelf.goods.skus
        visits = [tuple(skus[place] for place in draw.integers(0, items, HISTORY)) for _ in range(RUNS)]
        ours = _timed(lambda n: recommender.recommend(None, Wish(seen=visits[n]), 10))
        narrow = _timed(lambda n: recommender.recommend(None, Wish(seen=visits[n], highest_cents=150), 10))
        recall = _recall(recommender, state, visits[:20]) if state.index is not None else None
    return {
        "items": items,
        "p50": ours.p50,
        "p95": ours.p95,
        "narrow_p50": narrow.p50,
        "narrow_p95": narrow.p95,
        "implicit_p50": _implicit(vectors, draw).p50,
        "first_ten_as_without_index": recall,
        "index_seconds": build_seconds if state.index is not None else None,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _clustered(items: int, dimensions: int, draw: np.random.Generator) -> npt.NDArray[np.float32]:
    centres = draw.standard_normal((CLUSTERS, dimensions)).astype(np.float32)
    vectors = centres[draw.integers(0, CLUSTERS, items)]
    vectors += 0.6 * draw.standard_normal((items, dimensions), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _offer(items: int, vectors: npt.NDArray[np.float32], draw: np.random.Generator) -> Offer:
    from scipy.sparse import csr_matrix

    names = tuple(f"P{place:07d}" for place in range(items))
    goods = Goods(
        names,
        names,
        draw.integers(100, 20_000, items),
        np.ones(items, dtype=np.int64),
        draw.integers(0, 50, items).astype(np.int32),
        tuple(f"Category {place:02d}" for place in range(50)),
        ("EUR",) * items,
    )
    meanings = np.empty((items, TEXT_DIMENSIONS), dtype=np.float32)
    meanings[:, :DIMENSIONS] = vectors
    meanings[:, DIMENSIONS:] = 0.0
    columns = draw.integers(0, items, items * FOLLOWERS).astype(np.int32)
    weights = csr_matrix(
        (
            draw.random(items * FOLLOWERS, dtype=np.float32),
            columns,
            np.arange(0, len(columns) + 1, FOLLOWERS),
        ),
        shape=(items, items),
    )
    demand = draw.random(items, dtype=np.float32)
    model = NextItemModel(
        items=names,
        vectors=vectors,
        text_map=np.zeros((TEXT_DIMENSIONS, DIMENSIONS), dtype=np.float32),
        scale=15.0,
        longest=50,
        co_behaviour=CoBehaviour(weights),
        encode=_network(),
    )
    shelf = Shelf(goods, vectors, meanings, np.arange(items, dtype=np.int64))
    return Offer(shelf, model, None, no_pairs(), demand / demand.sum(), {})


def _network() -> Callable[..., npt.NDArray[np.float32]]:
    """A transformer of the shipped shape, as an ONNX graph; its weights are those of the start."""
    from bot.recommendations.next_item_model import GRAPH, export_user_encoder, open_user_encoder
    from bot.recommendations.sequence_network import NetworkShape, make_network, starting_vectors

    behaviour = np.zeros((2, DIMENSIONS), dtype=np.float32)
    texts = np.zeros((2, 0), dtype=np.float32)
    network = make_network(NetworkShape(), starting_vectors(behaviour, texts, 7), texts)
    network.module.eval()
    with tempfile.TemporaryDirectory() as folder:
        export_user_encoder(network, DIMENSIONS, NetworkShape().longest, Path(folder) / GRAPH)
        return open_user_encoder(Path(folder) / GRAPH)


def _timed(call: Callable[[int], object]) -> Durations:
    seconds = []
    for run in range(-5, RUNS):
        started = perf_counter()
        call(max(run, 0))
        if run >= 0:
            seconds.append(perf_counter() - started)
    return Durations.of(seconds)


def _recall(recommender: Recommender, state: Offer, visits: list[tuple[str, ...]]) -> float:
    """Which share of the ten would be there without the index."""
    whole = Recommender(
        FixedOffer(replace(state, index=None)), ShopperSources(NoEvents(), lambda customer: frozenset())
    )
    shares = []
    for visit in visits:
        found = {item.sku for item in recommender.recommend(None, Wish(seen=visit), 10).items}
        right = {item.sku for item in whole.recommend(None, Wish(seen=visit), 10).items}
        shares.append(len(found & right) / 10)
    return float(np.mean(shares))


def _implicit(vectors: npt.NDArray[np.float32], draw: np.random.Generator) -> Durations:
    """``recommend`` of an ALS model with as many factors, for a user folded in from as long a history."""
    from implicit.cpu.als import AlternatingLeastSquares
    from scipy.sparse import csr_matrix
    from threadpoolctl import threadpool_limits

    items = len(vectors)
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(factors=DIMENSIONS, num_threads=2)
        model.item_factors, model.user_factors = vectors, vectors[:1]
        histories = [
            csr_matrix(
                (np.ones(HISTORY, np.float32), draw.integers(0, items, HISTORY), [0, HISTORY]), (1, items)
            )
            for _ in range(RUNS)
        ]
        return _timed(
            lambda n: model.recommend(
                0, histories[n], N=10, recalculate_user=True, filter_already_liked_items=True
            )
        )


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
