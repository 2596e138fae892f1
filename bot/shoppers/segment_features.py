"""Which numbers of a shopper are compared when shoppers are put into segments?

Three blocks: behaviour, the shares of the categories, and the meaning. Age and gender are in none of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from bot.shoppers.behaviour import Behaviour, shares
from bot.shoppers.profiles import Profile

Matrix = npt.NDArray[np.float64]

BEHAVIOUR = (
    "days away",
    "activity",
    "orders",
    "spend",
    "basket",
    "price level",
    "evenings",
    "mornings",
    "weekends",
    "searching",
    "chat",
)
"""The numbers of the first block. Days away are since the last event, activity is in events, spend in the
median spend of the shop's buyers, basket in pieces an order. The rest are 0 to 1."""
LOGARITHMIC = ("days away", "activity", "orders", "spend", "basket")
"""These are skewed and enter as log(1 + x)."""
SHARES = ("evenings", "mornings", "weekends", "searching", "chat")

EVENING, MORNING, WEEKEND = range(17, 23), range(5, 11), (5, 6)
SEARCHING = ("Products Searched", "Question Asked")
MEANING_DIMENSIONS = 16
BLOCK_WEIGHTS: Mapping[str, float] = {"behaviour": 1.0, "categories": 1.0, "meaning": 0.5}
"""The variance of each block over all shoppers. Meaning tells much the same as categories: it counts half."""
PRIOR_EVENTS = 5.0
"""Shares over few events are drawn towards everyone's, as if so many events more had been like everyone's."""
FARTHEST = 3.0
"""Standard deviations: nobody is farther out than this in any number."""


@dataclass(frozen=True)
class Raw:
    """What the features are made of: `numbers` of shape (shoppers, len(BEHAVIOUR)) in plain units, NaN for a
    price level that is not known; `categories` of shape (shoppers, categories) with shares; `embeddings` of
    shape (shoppers, 384), rows of zeros where there is none."""

    numbers: Matrix
    categories: Matrix
    embeddings: Matrix


@dataclass(frozen=True)
class Fusion:
    """How raw numbers become features, learnt once from many shoppers; all scales are above 0."""

    category_names: tuple[str, ...]
    spend_units: Mapping[str, float]
    usual: Matrix
    centre: Matrix
    scale: Matrix
    category_centre: Matrix
    category_scale: float
    meaning_centre: Matrix
    components: Matrix
    meaning_scale: float

    def raw(self, profiles: Sequence[Profile], at: datetime) -> Raw:
        """The raw numbers of shoppers as of `at`."""
        return raw_numbers(profiles, at, self.category_names, self.spend_units, self.meaning_centre.shape[0])

    def features(self, raw: Raw) -> Matrix:
        """The blocks side by side, shape (shoppers, features)."""
        numbers = (_towards_usual(raw, self.usual) - self.centre) / self.scale
        behaviour = np.clip(numbers, -FARTHEST, FARTHEST) * np.sqrt(
            BLOCK_WEIGHTS["behaviour"] / len(BEHAVIOUR)
        )
        categories = (np.sqrt(raw.categories) - self.category_centre) / self.category_scale
        known = np.abs(raw.embeddings).sum(axis=1, keepdims=True) > 0
        meaning = ((raw.embeddings - self.meaning_centre) * known) @ self.components.T / self.meaning_scale
        return np.hstack([behaviour, categories, meaning])


def learn_fusion(profiles: Sequence[Profile], at: datetime, dimensions: int = 384) -> Fusion:
    """The scales and directions of these shoppers, at least two. Raises ValueError for fewer."""
    if len(profiles) < 2:
        raise ValueError(f"Scales need at least 2 shoppers; came {len(profiles)}.")
    names = tuple(sorted({name for profile in profiles for name in profile.behaviour.categories}))
    units = _spend_units(profile.behaviour for profile in profiles)
    raw = raw_numbers(profiles, at, names, units, dimensions)
    usual = np.array([_mean(column) for column in raw.numbers.T])
    numbers = _towards_usual(raw, usual)
    roots = np.sqrt(raw.categories)
    embeddings = raw.embeddings[np.abs(raw.embeddings).sum(axis=1) > 0]
    centre, components, spread = _directions(embeddings, dimensions)
    return Fusion(
        category_names=names,
        spend_units=units,
        usual=usual,
        centre=numbers.mean(axis=0),
        scale=_above_zero(numbers.std(axis=0)),
        category_centre=roots.mean(axis=0),
        category_scale=_block_scale(float(roots.var(axis=0).sum()), "categories"),
        meaning_centre=centre,
        components=components,
        meaning_scale=_block_scale(spread, "meaning"),
    )


def raw_numbers(
    profiles: Sequence[Profile],
    at: datetime,
    category_names: Sequence[str],
    spend_units: Mapping[str, float],
    dimensions: int,
) -> Raw:
    """The raw numbers of shoppers as of `at`."""
    place = {name: column for column, name in enumerate(category_names)}
    categories = np.zeros((len(profiles), len(place)))
    embeddings = np.zeros((len(profiles), dimensions))
    for row, profile in enumerate(profiles):
        for name, share in shares(profile.behaviour.categories).items():
            if name in place:
                categories[row, place[name]] = share
        if profile.embedding is not None:
            embeddings[row] = profile.embedding
    numbers = np.array([_numbers(profile.behaviour, at, spend_units) for profile in profiles])
    return Raw(numbers.reshape(len(profiles), len(BEHAVIOUR)), categories, embeddings)


def _numbers(behaviour: Behaviour, at: datetime, spend_units: Mapping[str, float]) -> list[float]:
    acts = max(1, sum(behaviour.hours))
    seen = behaviour.last_seen if behaviour.last_seen is not None else at
    spend = sum(cents / spend_units.get(currency, 1e4) for currency, cents in behaviour.spend_cents.items())
    level = behaviour.price_level
    return [
        max(0.0, (at - seen) / timedelta(days=1)),
        float(acts),
        float(behaviour.orders),
        spend,
        behaviour.items_bought / max(1, behaviour.orders),
        float("nan") if level is None else level,
        sum(behaviour.hours[hour] for hour in EVENING) / acts,
        sum(behaviour.hours[hour] for hour in MORNING) / acts,
        sum(behaviour.weekdays[day] for day in WEEKEND) / acts,
        sum(behaviour.counts.get(name, 0) for name in SEARCHING) / acts,
        behaviour.channels.get("chat", 0) / acts,
    ]


def _towards_usual(raw: Raw, usual: Matrix) -> Matrix:
    """Numbers that compare well: logarithms where they are skewed, few events drawn towards everyone's."""
    numbers = np.where(np.isnan(raw.numbers), usual, raw.numbers)
    acts = numbers[:, BEHAVIOUR.index("activity")]
    trust = acts / (acts + PRIOR_EVENTS)
    for name in (*SHARES, "price level"):
        column = BEHAVIOUR.index(name)
        numbers[:, column] = trust * numbers[:, column] + (1 - trust) * usual[column]
    for name in LOGARITHMIC:
        column = BEHAVIOUR.index(name)
        numbers[:, column] = np.log1p(numbers[:, column])
    return numbers


def _mean(column: Matrix) -> float:
    known = column[~np.isnan(column)]
    return float(known.mean()) if len(known) else 0.5


def _spend_units(behaviours: Iterable[Behaviour]) -> dict[str, float]:
    """The median spend of those who bought, by currency, so that currencies can be added up."""
    spends: dict[str, list[int]] = defaultdict(list)
    for behaviour in behaviours:
        for currency, cents in behaviour.spend_cents.items():
            if cents > 0:
                spends[currency].append(cents)
    return {currency: float(np.median(each)) for currency, each in sorted(spends.items())}


def _directions(embeddings: Matrix, dimensions: int) -> tuple[Matrix, Matrix, float]:
    """Centre, principal directions, at most MEANING_DIMENSIONS, and the variance along them."""
    if len(embeddings) < 2 or float(embeddings.var(axis=0).sum()) < 1e-12:
        return np.zeros(dimensions), np.zeros((0, dimensions)), 0.0
    from sklearn.decomposition import PCA

    count = min(MEANING_DIMENSIONS, len(embeddings) - 1, dimensions)
    found = PCA(count, svd_solver="full").fit(embeddings)
    return found.mean_, found.components_, float(found.explained_variance_.sum())


def _block_scale(variance: float, block: str) -> float:
    return float(np.sqrt(variance / BLOCK_WEIGHTS[block])) if variance > 1e-12 else 1.0


def _above_zero(scale: Matrix) -> Matrix:
    return np.where(scale > 1e-9, scale, 1.0)
