"""Do recommendations find what shoppers choose next? ``python -m benchmarks.recommendations [JOURNEY_DIR]``.

Splits the demo shop's behaviour by time, and with a folder of The Complete Journey that of a grocer
(transactions_sample.csv.gz, products.csv.gz); ours beside popularity, item-kNN and implicit ALS on the same
cases.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.timing import hardware
from bot.assembly import open_shop
from bot.demo import create_demo
from bot.recommendations.baselines import alternating_least_squares, item_neighbours, popularity
from bot.recommendations.bought_together import no_pairs
from bot.recommendations.interactions import (
    BOUGHT,
    Case,
    Choice,
    History,
    TimeSplit,
    leave_one_out,
    split_by_time,
)
from bot.recommendations.model_fitting import fit_model
from bot.recommendations.ranking_evaluation import CASES_AT_ONCE, Scorer, Scores, evaluate
from bot.recommendations.recommender_training import TrainingPlan
from bot.recommendations.shelf import fill_shelf, goods_of
from bot.recommendations.shelf_keeper import Offer
from bot.recommendations.shop_training import ShelfScorer, fitted_plan
from bot.recommendations.shopper_choices import choices_in, each_once
from bot.recommendations.variety import varied
from bot.settings import Settings
from bot.shoppers.shopper import Shopper
from knowledge_base.encoder import MiniLmEncoder
from knowledge_base.product_vectors import ProductVectors, product_text
from knowledge_base.products import Product

TODAY = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LEARNT_SHARE = 0.8
"""Of all choices, the oldest."""
LIST = 10


def main(journey: Path | None = None) -> dict[str, Any]:
    results: dict[str, Any] = {"hardware": hardware(), "demo": demo_shop()}
    if journey is not None:
        results["completejourney"] = grocer(journey)
    print(json.dumps(results))
    return results


def demo_shop() -> dict[str, Any]:
    """The sample shop's 18 months, viewed, added and bought."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), knowledge_dir=Path("knowledge_base/sample"))
        shop = open_shop(settings, lambda: TODAY)
        create_demo(shop.database, settings.knowledge_dir, TODAY)
        products, events = shop.catalogue.products(), shop.events.events()
        shop.database.close()
    by_shopper: dict[str, list[Choice]] = {}
    for event in events:
        who = Shopper(event.customer_id) if event.customer_id else Shopper(anonymous_id=event.anonymous_id)
        by_shopper.setdefault(who.key, []).extend(choices_in([event]))
    return _measured(products, {who: each_once(c, at_last=False) for who, c in by_shopper.items()})


def grocer(folder: Path) -> dict[str, Any]:
    """Households' first purchases of products."""
    bought: dict[str, list[Choice]] = {}
    with gzip.open(folder / "transactions_sample.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            at = datetime.fromisoformat(row["transaction_timestamp"]).replace(tzinfo=UTC)
            bought.setdefault(row["household_id"], []).append(Choice(row["product_id"], BOUGHT, at))
    choices = {
        household: each_once(sorted(chosen, key=lambda choice: str(choice.at)), at_last=False)
        for household, chosen in bought.items()
    }
    wanted = {choice.item for chosen in choices.values() for choice in chosen}
    return _measured(_groceries(folder / "products.csv.gz", wanted), choices)


def _groceries(path: Path, wanted: set[str]) -> tuple[Product, ...]:
    products = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["product_id"] in wanted:
                name = " ".join(
                    (row["product_type"] or row["product_category"] or "thing", row["package_size"])
                )
                tags = tuple(part for part in (row["product_category"], row["brand"]) if part)
                category = row["department"] or "OTHER"
                products.append(Product(row["product_id"], name, "", category, 0, "USD", 1, {}, tags, ""))
    return tuple(products)


def _measured(products: Sequence[Product], choices: Mapping[str, Sequence[Choice]]) -> dict[str, Any]:
    skus = [product.sku for product in products]
    times = sorted(choice.at for chosen in choices.values() for choice in chosen if choice.at is not None)
    split = split_by_time(choices, skus, times[int(LEARNT_SHARE * len(times))])
    print(f"{len(skus)} items, {split.train.count} choices learnt, {len(split.cases)} cases", file=sys.stderr)
    matrix = MiniLmEncoder().encode([product_text(product) for product in products])
    texts = ProductVectors(tuple(skus), matrix, "all-MiniLM-L6-v2")
    inner = leave_one_out(split.train)
    plan = fitted_plan(TrainingPlan(), inner.train)
    model = fit_model(inner.train, inner.validation, matrix, plan, lambda progress: None).model
    demand = popularity(split.train).counts
    share = np.asarray((demand + 1) / (demand + 1).sum(), dtype=np.float32)

    def offer(has_model: bool) -> Offer:
        shelf = fill_shelf(goods_of(products), texts, model if has_model else None)
        return Offer(shelf, model if has_model else None, None, no_pairs(), share, {})

    models: dict[str, Scorer] = {
        "storekeep": ShelfScorer(offer(True)),
        "storekeep without its model": ShelfScorer(offer(False)),
        "popularity": popularity(split.train),
        "item-kNN": item_neighbours(split.train, inner.validation),
        "implicit ALS": alternating_least_squares(split.train, inner.validation, seed=7),
    }
    scorers = {name: KeptScores.of(model, split.cases, name) for name, model in models.items()}
    return {
        "items": len(skus),
        "choices": split.train.count,
        "share_of_transformer": model.share,
        "models": {name: _figures(scorer, split, matrix) for name, scorer in scorers.items()},
        "variety": _variety(scorers["storekeep"], split.cases, matrix),
    }


@dataclass(frozen=True)
class KeptScores:
    """Scores that were made once: the groups and lists below look at the same cases again and again."""

    rows: dict[int, Scores]

    @classmethod
    def of(cls, scorer: Scorer, cases: Sequence[Case], name: str) -> KeptScores:
        """Score all cases, a few hundred at a time."""
        rows: dict[int, Scores] = {}
        for begin in range(0, len(cases), CASES_AT_ONCE):
            histories = [case.history for case in cases[begin : begin + CASES_AT_ONCE]]
            scored = np.asarray(scorer.scores(histories), dtype=np.float32)
            rows.update({id(history): row for history, row in zip(histories, scored, strict=True)})
            print(f"{name}: {len(rows)} of {len(cases)} cases scored", file=sys.stderr)
        return cls(rows)

    def scores(self, histories: Sequence[History]) -> Scores:
        """Of histories that were scored, by identity."""
        return np.array([self.rows[id(history)] for history in histories])


def _figures(scorer: Scorer, split: TimeSplit, texts: npt.NDArray[np.float32]) -> dict[str, Any]:
    groups = {"all": split.cases, "cold users": split.cold_users, "cold items": split.cold_items}
    found: dict[str, Any] = {
        name: {"cases": len(cases), **evaluate(scorer, cases, len(texts)).as_contract()}
        for name, cases in groups.items()
        if cases
    }
    found["diversity"] = round(_diversity(_lists(scorer, split.cases, texts, 0.0), texts), 4)
    return found


def _variety(scorer: Scorer, cases: Sequence[Case], texts: npt.NDArray[np.float32]) -> list[dict[str, float]]:
    """What a cost of likeness does to accuracy and diversity of the first ten."""
    rows = []
    for cost in (0.0, 0.1, 0.2, 0.4):
        lists = _lists(scorer, cases, texts, cost)
        places = [
            int(np.flatnonzero(shown == case.target)[0]) if case.target in shown else None
            for shown, case in zip(lists, cases, strict=True)
        ]
        gains = [0.0 if place is None else 1 / float(np.log2(place + 2)) for place in places]
        rows.append(
            {
                "likeness_cost": cost,
                "HR@10": round(float(np.mean([place is not None for place in places])), 4),
                "NDCG@10": round(float(np.mean(gains)), 4),
                "diversity": round(_diversity(lists, texts), 4),
            }
        )
    return rows


def _lists(
    scorer: Scorer, cases: Sequence[Case], texts: npt.NDArray[np.float32], cost: float
) -> list[npt.NDArray[np.int64]]:
    lists = []
    for case in cases:
        scores = np.log(np.maximum(_unseen(scorer, case.history), 0) + 1e-9)
        lists.append(varied(scores, texts, LIST, cost))
    return lists


def _unseen(scorer: Scorer, history: History) -> Scores:
    scores = np.array(scorer.scores([history])[0], dtype=np.float32)
    scores[history.items] = 0.0
    return scores


def _diversity(lists: Sequence[npt.NDArray[np.int64]], texts: npt.NDArray[np.float32]) -> float:
    """The mean of 1 - cosine over the pairs of a list, mean over the lists."""
    means = []
    for shown in lists:
        likeness = texts[shown] @ texts[shown].T
        pairs = len(shown) * (len(shown) - 1)
        means.append(1 - float((likeness.sum() - np.trace(likeness)) / max(1, pairs)))
    return float(np.mean(means))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
