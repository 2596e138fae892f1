"""How does a shop train its own recommender, and when does the new one replace the running one?"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter

import numpy as np

from bot.model_versions import ModelVersions
from bot.recommendations.baselines import popularity
from bot.recommendations.bought_together import count_bought_together, no_pairs, save_bought_together
from bot.recommendations.frozen_cases import as_cases, kept_cases, without_frozen
from bot.recommendations.interactions import Case, History, Interactions
from bot.recommendations.item_index import build_item_index
from bot.recommendations.model_fitting import FittedModel, fit_model
from bot.recommendations.next_item_model import NextItemModel, open_model
from bot.recommendations.ranking_evaluation import RankingFigures, Scores, evaluate
from bot.recommendations.recommender_training import Report, TrainingPlan
from bot.recommendations.scoring import next_chances
from bot.recommendations.shelf import fill_shelf, goods_of
from bot.recommendations.shelf_keeper import Offer
from bot.recommendations.shop_histories import open_interactions, save_interactions, shop_histories
from bot.shoppers.events import Event
from knowledge_base.product_vectors import ProductVectors
from knowledge_base.products import Product

VALIDATION_SHARE = 0.15
FROZEN_FILE = "frozen.json"
WORK = "training"
STEPS_WORTH_IT = 60
"""A pass has about as many steps at least, however small the shop."""


@dataclass(frozen=True)
class TrainingSummary:
    """`ndcg_10` and `hr_10` of the new model on the frozen set, beside those of what ran before (a model, or
    before the first one the meaning of texts and the demand alone). `is_used` says whether it runs now.
    """

    version: str
    is_used: bool
    ndcg_10: float
    hr_10: float
    ndcg_10_before: float
    hr_10_before: float
    cases: int
    shoppers: int
    choices: int
    items: int
    train_seconds: float


@dataclass(frozen=True)
class ShelfScorer:
    """Scores as recommendations are made, over the products of an Offer; nothing is filtered."""

    offer: Offer

    def scores(self, histories: Sequence[History]) -> Scores:
        every = np.arange(len(self.offer.shelf.goods.skus))
        # Without the index: all products are ranked here, not the nearest alone.
        offer = replace(self.offer, index=None)
        rows = [
            next_chances(
                offer, [(int(i), int(k)) for i, k in zip(h.items, h.kinds, strict=True)], every, None
            ).chances
            for h in histories
        ]
        return np.array(rows, dtype=np.float32)


def train_on_shop(
    events: Iterable[Event],
    products: Sequence[Product],
    texts: ProductVectors,
    versions: ModelVersions,
    plan: TrainingPlan,
    report: Report = lambda progress: None,
    say: Callable[[str], None] = lambda line: None,
) -> TrainingSummary:
    """Trains, measures on the frozen set, and publishes; the new version runs only if its NDCG@10 is higher.

    An interrupted training of the same plan goes on with the data that it began with. Raises TooFewShoppers.
    """
    skus = [product.sku for product in products]
    all_histories = shop_histories(events, skus)
    frozen = kept_cases(versions.directory / FROZEN_FILE, all_histories.interactions)
    work = versions.directory / WORK
    learnt = _begin(work, plan, without_frozen(all_histories.interactions, frozen), say)
    plan = fitted_plan(plan, learnt)
    started = perf_counter()
    fitted = _fit(learnt, texts, plan, work / "checkpoint", report)
    seconds = perf_counter() - started
    demand = popularity(learnt).counts
    cases = as_cases(frozen, {sku: place for place, sku in enumerate(skus)})
    say(f"measuring on {len(cases)} cases that no model learns from")
    before = _measured(_running(versions), products, texts, demand, cases)
    figures = _measured(fitted.model, products, texts, demand, cases)
    draft = versions.new()
    fitted.save(draft)
    save_bought_together(count_bought_together(all_histories.purchases, len(skus)), draft)
    build_item_index(fitted.model.vectors, draft)
    is_used = figures.ndcg_10 > before.ndcg_10
    version = versions.publish(draft, figures.as_contract(), use=is_used)
    shutil.rmtree(work, ignore_errors=True)
    return TrainingSummary(
        version=version,
        is_used=is_used,
        ndcg_10=figures.ndcg_10,
        hr_10=figures.hr_10,
        ndcg_10_before=before.ndcg_10,
        hr_10_before=before.hr_10,
        cases=len(cases),
        shoppers=len(learnt.histories),
        choices=learnt.count,
        items=len(skus),
        train_seconds=seconds,
    )


def _begin(work: Path, plan: TrainingPlan, fresh: Interactions, say: Callable[[str], None]) -> Interactions:
    """What to learn from: that of an interrupted training of the same plan and products, else the fresh."""
    identity = json.loads(json.dumps({"plan": asdict(plan), "items": list(fresh.items)}))
    try:
        begun = json.loads((work / "plan.json").read_text(encoding="utf-8")) == identity
        if begun and (work / "checkpoint" / "run.json").exists():
            say("going on with the training that was interrupted")
            return open_interactions(work / "data.npz")
    except FileNotFoundError:
        pass
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    usable = Interactions(fresh.items, tuple(history for history in fresh.histories if len(history) >= 2))
    save_interactions(usable, work / "data.npz")
    (work / "plan.json").write_text(json.dumps(identity), encoding="utf-8")
    return open_interactions(work / "data.npz")


def fitted_plan(plan: TrainingPlan, learnt: Interactions) -> TrainingPlan:
    """A small shop learns in smaller steps, and from fewer wrong items than it has."""
    places = max(64, min(plan.places_at_once, learnt.count // STEPS_WORTH_IT))
    return replace(plan, places_at_once=places, negatives=min(plan.negatives, len(learnt.items)))


def _fit(
    learnt: Interactions, texts: ProductVectors, plan: TrainingPlan, checkpoint: Path, report: Report
) -> FittedModel:
    """The model with its share and power chosen on the last items of some shoppers."""
    draw = np.random.default_rng(plan.seed)
    able = [place for place, history in enumerate(learnt.histories) if len(history) >= 3]
    held = set(draw.permutation(able)[: round(VALIDATION_SHARE * len(able))].tolist())
    shortened = tuple(
        history.before(-1) if place in held else history for place, history in enumerate(learnt.histories)
    )
    validation = [
        Case(learnt.histories[place].before(-1), int(learnt.histories[place].items[-1]))
        for place in sorted(held)
    ]
    train = Interactions(learnt.items, shortened)
    meanings = np.zeros((len(learnt.items), texts.matrix.shape[1]), dtype=np.float32)
    for place, sku in enumerate(learnt.items):
        vector = texts.vector(sku)
        if vector is not None:
            meanings[place] = vector
    return fit_model(train, validation, meanings, plan, report, checkpoint)


def _running(versions: ModelVersions) -> NextItemModel | None:
    place = versions.current()
    return None if place is None else open_model(place)


def _measured(
    model: NextItemModel | None,
    products: Sequence[Product],
    texts: ProductVectors,
    demand: np.typing.NDArray[np.float32],
    cases: Sequence[Case],
) -> RankingFigures:
    share = np.asarray((demand + 1) / (demand + 1).sum(), dtype=np.float32)
    shelf = fill_shelf(goods_of(products), texts, model)
    offer = Offer(shelf, model, None, no_pairs(), share, {})
    return evaluate(ShelfScorer(offer), cases, len(products))
