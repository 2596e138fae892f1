"""How does a new version of the segments come about? Profiles in, a directory with model, figures and picture
out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from bot.model_versions import ModelVersions
from bot.shoppers.profiles import Profile
from bot.shoppers.segment_features import learn_fusion
from bot.shoppers.segment_names import name_segments, traits_of
from bot.shoppers.segment_picture import draw_segments
from bot.shoppers.segment_training import Clustering, TooFewRows, train_segments
from bot.shoppers.segments import Segment, SegmentModel

FEWEST_EVENTS = 5
"""Segments are made of shoppers with so many events; afterwards every shopper is in one."""
FEWEST_SHOPPERS = 20


@dataclass(frozen=True)
class MadeSegments:
    """A published version with the model in it and how it was chosen."""

    version: str
    model: SegmentModel
    clustering: Clustering
    shoppers: int


def make_segments(
    profiles: Iterable[Profile],
    versions: ModelVersions,
    at: datetime,
    seed: int,
    number: int | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> MadeSegments:
    """Trains on the shoppers with enough events and publishes the version: segments.npz, segments.json,
    figures.json and picture.png. `tell` is told what happens, line by line.

    Raises TooFewRows, or OSError; then the version in use stays in use.
    """
    known = [profile for profile in profiles if profile.behaviour.events >= FEWEST_EVENTS]
    if len(known) < FEWEST_SHOPPERS:
        raise TooFewRows(
            f"Segments need at least {FEWEST_SHOPPERS} shoppers with {FEWEST_EVENTS} events each who may be "
            f"profiled; there are {len(known)}."
        )
    tell(f"{len(known)} shoppers with at least {FEWEST_EVENTS} events")
    dimensions = next((len(each.embedding) for each in known if each.embedding is not None), 1)
    fusion = learn_fusion(known, at, dimensions)
    raw = fusion.raw(known, at)
    features = fusion.features(raw)
    clustering = train_segments(features, seed, number, tell)
    traits = [
        traits_of(raw, fusion.category_names, clustering.labels == segment)
        for segment in range(len(clustering.centroids))
    ]
    segments = tuple(
        Segment(place, name, each)
        for place, (name, each) in enumerate(zip(name_segments(traits), traits, strict=True))
    )
    model = SegmentModel(fusion, clustering.centroids, segments)
    draft = versions.new()
    model.save(draft)
    (draft / "figures.json").write_text(json.dumps(_figures(clustering, len(known), seed, at), indent=1))
    tell("drawing the picture")
    draw_segments(draft / "picture.png", segments, features, clustering.labels, seed)
    chosen = clustering.chosen
    version = versions.publish(
        draft,
        {
            "segments": float(chosen.number),
            "silhouette": chosen.silhouette,
            "stability": chosen.stability,
            "seed_agreement": clustering.seed_agreement,
            "shoppers": float(len(known)),
        },
    )
    return MadeSegments(version, model, clustering, len(known))


def _figures(clustering: Clustering, shoppers: int, seed: int, at: datetime) -> dict[str, object]:
    return {
        "at": at.isoformat(),
        "seed": seed,
        "shoppers": shoppers,
        "chosen": asdict(clustering.chosen),
        "seed_agreement": clustering.seed_agreement,
        "choices": [{**asdict(choice), "score": choice.score} for choice in clustering.choices],
    }
