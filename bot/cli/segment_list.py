"""Which segments are there, how large, and what is typical of each? ``storekeep segments``"""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from bot.assembly import Shop, now, open_folding, open_shop, segment_versions
from bot.cli.failures import BadInput, settings_or_exit, told
from bot.cli.train_segments import bring_profiles_up
from bot.database.connection import DatabaseUnavailable
from bot.privacy.private_counts import BudgetUsedUp, EpsilonOutOfRange, PrivateCounts
from bot.settings import Settings
from bot.shoppers.profile_folding import Folding
from bot.shoppers.profile_updates import ProfileUpdates
from bot.shoppers.profiles import Profiles
from bot.shoppers.segment_trend import DAYS_BACK, SegmentTrend
from bot.shoppers.segments import SegmentModel, list_segments, load_segments
from knowledge_base.encoder import ModelMissing
from knowledge_base.shared_encoder import SharedEncoder


@click.command(help="List the segments with size, share, trend over 30 days and typical products.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.option(
    "--private",
    "epsilon",
    type=float,
    default=None,
    metavar="EPSILON",
    help="Counts for publication, differentially private; spends EPSILON of the budget of 30 days.",
)
@click.option(
    "--renew", "is_renewed", is_flag=True, help="With --private: new counts, although there are some already."
)
def command(as_json: bool, epsilon: float | None, is_renewed: bool) -> None:
    if is_renewed and epsilon is None:
        raise BadInput("--renew makes sense with --private EPSILON only")
    settings = settings_or_exit()
    with told(bad_input=(EpsilonOutOfRange,), failed=(BudgetUsedUp, DatabaseUnavailable, ModelMissing)):
        directory = segment_versions(settings).current()
        if directory is None:
            raise BadInput("there are no segments yet: run storekeep train segments first")
        shop = open_shop(settings)
        with closing(shop.database):
            if epsilon is None:
                found = _listed(settings, shop, directory)
            else:
                found = _private(settings, shop, directory, epsilon, is_renewed)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        click.echo("\n".join(_in_words(found) if epsilon is None else _private_in_words(found)))


def _open(settings: Settings, shop: Shop, directory: Path) -> tuple[SegmentModel, Folding, Profiles]:
    folding = open_folding(settings, shop.catalogue, SharedEncoder(settings.encoder_model))
    bring_profiles_up(ProfileUpdates(shop.database, folding, now))
    return load_segments(directory), folding, Profiles(shop.database, folding)


def _listed(settings: Settings, shop: Shop, directory: Path) -> dict[str, Any]:
    model, folding, profiles = _open(settings, shop, directory)
    at = now()
    listing = list_segments(model, profiles.stored(), at)
    shoppers = (profile.shopper for profile in profiles.stored())
    day = at.date() - timedelta(days=DAYS_BACK)
    past = SegmentTrend(shop.database, folding).sizes(directory.name, model, shoppers, day)
    names = {product.sku: product.name for product in shop.catalogue.products()}
    segments = []
    for segment, size, was, skus in zip(model.segments, listing.sizes, past, listing.products, strict=True):
        share, share_then = size / max(1, sum(listing.sizes)), was / max(1, sum(past))
        segments.append(
            {
                "name": segment.name,
                "size": size,
                "share": round(share, 4),
                "share_30_days_ago": round(share_then, 4),
                "trend": round(share - share_then, 4),
                "typical_products": [{"sku": sku, "name": names.get(sku)} for sku in skus],
            }
        )
    return {
        "version": directory.name,
        "shoppers": sum(listing.sizes),
        "picture": str(directory / "picture.png"),
        "segments": segments,
    }


def _private(
    settings: Settings, shop: Shop, directory: Path, epsilon: float, is_renewed: bool
) -> dict[str, Any]:
    model, _, profiles = _open(settings, shop, directory)
    sizes = list_segments(model, profiles.stored(), now()).sizes
    counts = PrivateCounts(shop.database, now, settings.privacy_budget)
    release = counts.release(f"segments {directory.name}", sizes, epsilon, is_renewed)
    total = max(1, sum(release.counts))
    return {
        "version": directory.name,
        "epsilon": epsilon,
        "epsilon_spent_now": release.spent,
        "budget": settings.privacy_budget,
        "budget_remaining": round(release.remaining, 6),
        "released_at": release.at.isoformat(),
        "mechanism": "discrete Laplace, one shopper changes one count by 1",
        "segments": [
            {"name": segment.name, "count": count, "share": round(count / total, 4)}
            for segment, count in zip(model.segments, release.counts, strict=True)
        ],
    }


def _in_words(found: dict[str, Any]) -> list[str]:
    lines = [f"{found['shoppers']} shoppers in {len(found['segments'])} segments, version {found['version']}"]
    for each in found["segments"]:
        arrow = "→" if abs(each["trend"]) < 0.005 else "↗" if each["trend"] > 0 else "↘"
        lines += [
            "",
            each["name"],
            f"  {each['size']} shoppers, {each['share']:.1%}; {arrow} {100 * each['trend']:+.1f} points "
            f"in {DAYS_BACK} days",
        ]
        products = [each["name"] or each["sku"] for each in each["typical_products"]]
        lines += [f"  typical: {', '.join(products)}"] if products else []
    return [*lines, "", f"Picture: {found['picture']}"]


def _private_in_words(found: dict[str, Any]) -> list[str]:
    width = max(len(each["name"]) for each in found["segments"])
    lines = [f"{each['name']:<{width}}  about {each['count']:>6}" for each in found["segments"]]
    spent = (
        f"Spent {found['epsilon_spent_now']:g}"
        if found["epsilon_spent_now"] > 0
        else f"Nothing spent, released before on {found['released_at'][:10]}"
    )
    return [
        *lines,
        "",
        f"Differentially private with epsilon {found['epsilon']:g}. {spent}; "
        f"{found['budget_remaining']:g} of {found['budget']:g} is left for these 30 days.",
        "The names and the number of segments come from the shoppers without noise.",
    ]
