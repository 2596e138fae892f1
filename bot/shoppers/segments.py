"""Which segment is a shopper in, and why? The trained model, from a file and on one shopper at once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from bot.shoppers.profiles import Profile
from bot.shoppers.segment_features import BEHAVIOUR, Fusion, Matrix
from bot.shoppers.segment_names import VISIBLE, Trait
from bot.shoppers.segment_training import Labels, nearest_centroid

MOST_REASONS = 3
MOST_PRODUCTS = 5
ROWS_AT_ONCE = 2000
NUMBERS_FILE, WORDS_FILE = "segments.npz", "segments.json"


@dataclass(frozen=True)
class Segment:
    """One segment of the model. `number` counts from 0, the largest at training first; `traits` are what sets
    it apart, the clearest first."""

    number: int
    name: str
    traits: tuple[Trait, ...]


@dataclass(frozen=True)
class Membership:
    """A shopper's segment. `reasons` are what the shopper shares with it and not with others, in words; maybe
    none, as the nearest segment may still be far."""

    segment: Segment
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class SegmentModel:
    """Segments with everything that it takes to find a shopper's. `centroids` has a row for each segment."""

    fusion: Fusion
    centroids: Matrix
    segments: tuple[Segment, ...]

    def assign(self, profiles: Sequence[Profile], at: datetime) -> Labels:
        """The segment's number of each shopper as of `at`."""
        if not profiles:
            return np.zeros(0, dtype=np.int64)
        return nearest_centroid(self.fusion.features(self.fusion.raw(profiles, at)), self.centroids)

    def membership(self, profile: Profile, at: datetime) -> Membership:
        """The shopper's segment as of `at`, with why."""
        segment = self.segments[int(self.assign([profile], at)[0])]
        return Membership(segment, self._reasons(profile, segment, at))

    def _reasons(self, profile: Profile, segment: Segment, at: datetime) -> tuple[str, ...]:
        raw = self.fusion.raw([profile], at)
        own = dict(zip(self.fusion.category_names, raw.categories[0], strict=True))
        reasons: list[str] = []
        for trait in segment.traits:
            if abs(trait.distance) < VISIBLE or len(reasons) == MOST_REASONS:
                break
            if trait.is_category:
                share = float(own.get(trait.name, 0.0))
                if trait.distance > 0 and share > trait.mean_of_all:
                    reasons.append(
                        f"{share:.0%} of the interest is in {trait.name} "
                        f"(segment {trait.mean:.0%}, everyone {trait.mean_of_all:.0%})"
                    )
            elif self._agrees(raw.numbers[0], trait):
                reasons.append(trait.words)
        return tuple(reasons)

    @staticmethod
    def _agrees(numbers: Matrix, trait: Trait) -> bool:
        value = float(numbers[BEHAVIOUR.index(trait.name)])
        return value > trait.mean_of_all if trait.distance > 0 else value < trait.mean_of_all

    def save(self, directory: Path) -> None:
        """Writes numbers as npz and words as JSON into a directory that is there. Raises OSError."""
        fusion = self.fusion
        np.savez(
            directory / NUMBERS_FILE,
            centroids=self.centroids,
            usual=fusion.usual,
            centre=fusion.centre,
            scale=fusion.scale,
            category_centre=fusion.category_centre,
            meaning_centre=fusion.meaning_centre,
            components=fusion.components,
        )
        words = {
            "category_names": fusion.category_names,
            "spend_units": dict(fusion.spend_units),
            "category_scale": fusion.category_scale,
            "meaning_scale": fusion.meaning_scale,
            "segments": [
                {"name": each.name, "traits": [asdict(trait) for trait in each.traits]}
                for each in self.segments
            ],
        }
        (directory / WORDS_FILE).write_text(json.dumps(words, indent=1), encoding="utf-8")


def load_segments(directory: Path) -> SegmentModel:
    """What `SegmentModel.save` wrote. Raises OSError, or KeyError or ValueError for other files."""
    words: dict[str, Any] = json.loads((directory / WORDS_FILE).read_text(encoding="utf-8"))
    with np.load(directory / NUMBERS_FILE, allow_pickle=False) as numbers:
        fusion = Fusion(
            category_names=tuple(words["category_names"]),
            spend_units=words["spend_units"],
            usual=numbers["usual"],
            centre=numbers["centre"],
            scale=numbers["scale"],
            category_centre=numbers["category_centre"],
            category_scale=words["category_scale"],
            meaning_centre=numbers["meaning_centre"],
            components=numbers["components"],
            meaning_scale=words["meaning_scale"],
        )
        centroids = numbers["centroids"]
    segments = tuple(
        Segment(number, each["name"], tuple(Trait(**trait) for trait in each["traits"]))
        for number, each in enumerate(words["segments"])
    )
    return SegmentModel(fusion, centroids, segments)


@dataclass(frozen=True)
class Listing:
    """How many shoppers each segment has, and which SKUs they see and buy more than others, best first."""

    sizes: tuple[int, ...]
    products: tuple[tuple[str, ...], ...]


def list_segments(model: SegmentModel, profiles: Iterable[Profile], at: datetime) -> Listing:
    """The segments of these shoppers as of `at`; a few thousand are in memory at a time."""
    sizes = [0] * len(model.segments)
    inside: list[Counter[str]] = [Counter() for _ in model.segments]
    waiting: list[Profile] = []

    def count() -> None:
        for profile, label in zip(waiting, model.assign(waiting, at), strict=True):
            sizes[label] += 1
            recent = (*profile.behaviour.seen, *profile.behaviour.bought)
            inside[label].update({encounter.sku for encounter in recent})
        waiting.clear()

    for profile in profiles:
        waiting.append(profile)
        if len(waiting) == ROWS_AT_ONCE:
            count()
    count()
    everywhere = sum(inside, Counter[str]())
    products = tuple(
        _typical(own, size, everywhere, sum(sizes)) for own, size in zip(inside, sizes, strict=True)
    )
    return Listing(tuple(sizes), products)


def _typical(own: Counter[str], size: int, everywhere: Counter[str], shoppers: int) -> tuple[str, ...]:
    """The SKUs with the greatest part of the segment, weighed by how far it is above everyone's."""

    def typicality(sku: str) -> float:
        inside, outside = own[sku] / size, everywhere[sku] / shoppers
        return float(inside * np.log(inside / outside))

    ranked = sorted(
        (sku for sku in own if own[sku] > 1 or size < 10), key=lambda sku: (-typicality(sku), sku)
    )
    return tuple(sku for sku in ranked[:MOST_PRODUCTS] if typicality(sku) > 0)
