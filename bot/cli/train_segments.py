"""How does a shop make its segments? ``storekeep train segments``"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from bot.assembly import Shop, now, open_folding, open_shop, segment_versions
from bot.cli.failures import settings_or_exit, told
from bot.database.connection import DatabaseUnavailable
from bot.model_versions import ModelVersions
from bot.settings import Settings
from bot.shoppers.profile_updates import ProfileUpdates
from bot.shoppers.profiles import Profiles
from bot.shoppers.segment_making import MadeSegments, make_segments
from bot.shoppers.segment_training import TooFewRows
from bot.shoppers.segment_trend import DAYS_BACK, SegmentTrend
from knowledge_base.encoder import ModelMissing
from knowledge_base.shared_encoder import SharedEncoder

if TYPE_CHECKING:
    from tqdm import tqdm


@click.command(
    help="Put the shoppers into segments by k-means over what they do and what it is about. Age and gender "
    "take no part."
)
@click.option("--seed", type=int, default=7, show_default=True)
@click.option("--k", "number", type=click.IntRange(2, 50), default=None, help="How many; chosen by default.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Directory of the versions. Default: the data directory's, which the shop uses.",
)
def segments(seed: int, number: int | None, out: Path | None) -> None:
    settings = settings_or_exit()
    with told(bad_input=(TooFewRows,), failed=(DatabaseUnavailable, ModelMissing)):
        shop = open_shop(settings)
        with closing(shop.database):
            versions = segment_versions(settings) if out is None else ModelVersions(out, now)
            made = _make(settings, shop, versions, seed, number)
    click.echo(json.dumps(_as_contract(made, versions.directory / made.version), ensure_ascii=False))


def _make(
    settings: Settings, shop: Shop, versions: ModelVersions, seed: int, number: int | None
) -> MadeSegments:
    folding = open_folding(settings, shop.catalogue, SharedEncoder(settings.encoder_model))
    bring_profiles_up(ProfileUpdates(shop.database, folding, now))
    profiles = Profiles(shop.database, folding)
    made = make_segments(profiles.stored(), versions, now(), seed, number, _tell)
    _tell(f"counting the segments of {DAYS_BACK} days ago")
    day = now().date() - timedelta(days=DAYS_BACK)
    shoppers = (profile.shopper for profile in profiles.stored())
    SegmentTrend(shop.database, folding).sizes(made.version, made.model, shoppers, day)
    return made


def bring_profiles_up(updates: ProfileUpdates) -> None:
    """Fold what is new into the profiles, with progress on stderr."""
    from tqdm import tqdm

    with tqdm(unit="event", desc="profiles", disable=None) as bar:
        updates.update_all(lambda events: _advance(bar, events))


def _advance(bar: tqdm[NoReturn], events: int) -> None:
    bar.update(events)


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _as_contract(made: MadeSegments, directory: Path) -> dict[str, object]:
    chosen = made.clustering.chosen
    return {
        "version": made.version,
        "directory": str(directory),
        "picture": str(directory / "picture.png"),
        "shoppers": made.shoppers,
        **asdict(chosen),
        "seed_agreement": made.clustering.seed_agreement,
        "segments": [segment.name for segment in made.model.segments],
    }
