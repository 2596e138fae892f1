"""What does the shop know of one shopper, and why? ``storekeep profile ID``"""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime
from typing import Any

import click

from bot.assembly import Shop, now, open_folding, open_shop, segment_versions
from bot.cli.failures import BadInput, settings_or_exit, told
from bot.cli.train_segments import bring_profiles_up
from bot.database.connection import DatabaseUnavailable
from bot.settings import Settings
from bot.shoppers.profile_account import account_of
from bot.shoppers.profile_updates import ProfileUpdates
from bot.shoppers.profiles import Profiles
from bot.shoppers.segments import load_segments
from bot.shoppers.shopper import VISITOR_PREFIX, Shopper
from knowledge_base.encoder import ModelMissing
from knowledge_base.shared_encoder import SharedEncoder

NEAREST = 5
BAR = 20


@click.command(
    help="Explain what is known of a shopper and from what. ID is a customer's, like C00017, or "
    "visitor:ID of a browser."
)
@click.argument("shopper_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(shopper_id: str, as_json: bool) -> None:
    settings = settings_or_exit()
    with told(bad_input=(DatabaseUnavailable,), failed=(ModelMissing,)):
        shop = open_shop(settings)
        with closing(shop.database):
            account = _account(settings, shop, shopper_id)
    click.echo(json.dumps(account, ensure_ascii=False) if as_json else "\n".join(_in_words(account)))


def _account(settings: Settings, shop: Shop, shopper_id: str) -> dict[str, Any]:
    shopper, consent = _who(shop, shopper_id)
    head = {"id": shopper_id, "kind": "visitor" if shopper.customer_id is None else "customer", **consent}
    if not consent["consent"]["is_given"]:
        return {**head, "known": None}
    folding = open_folding(settings, shop.catalogue, SharedEncoder(settings.encoder_model))
    # Nothing to do while the shop runs; else the nearest would be the nearest of long ago.
    bring_profiles_up(ProfileUpdates(shop.database, folding, now))
    profiles = Profiles(shop.database, folding)
    profile = profiles.of(shopper)
    if profile is None:
        raise BadInput(
            f"ID should be a customer's or visitor:ID of a browser with events; came {shopper_id!r}."
        )
    at, directory = now(), segment_versions(settings).current()
    membership = None if directory is None else load_segments(directory).membership(profile, at)
    names = {product.sku: product.name for product in shop.catalogue.products()}
    nearest = profiles.nearest(shopper, NEAREST)
    return {**head, "known": account_of(profile, names, membership, nearest, at)}


def _who(shop: Shop, shopper_id: str) -> tuple[Shopper, dict[str, Any]]:
    """The shopper and the state of their consent."""
    if shopper_id.startswith(VISITOR_PREFIX) and shopper_id != VISITOR_PREFIX:
        # A browser's events are only sent after its user agreed.
        consent = {"is_given": True, "since": None, "source": "browser"}
        return Shopper(anonymous_id=shopper_id.removeprefix(VISITOR_PREFIX)), {"consent": consent}
    customer = shop.customers.customer(shopper_id)
    if customer is None:
        raise BadInput(
            "ID should be a customer's, like C00017, or visitor:ID of a browser with events; "
            f"there is no customer {shopper_id!r}."
        )
    decisions = shop.consents.decisions(shopper_id)
    latest = decisions[-1] if decisions else None
    consent = {
        "is_given": customer.profiling_consent,
        "since": None if latest is None else latest.at.isoformat(),
        "source": None if latest is None else latest.source,
    }
    return Shopper(customer_id=shopper_id), {"consent": consent}


def _in_words(account: dict[str, Any]) -> list[str]:
    known, consent = account["known"], account["consent"]
    since = "" if consent["since"] is None else f" since {_day(consent['since'])} ({consent['source']})"
    if known is None:
        return [
            f"{account['id']}: nothing is kept.",
            f"This customer {'refused profiling' if since else 'never agreed to profiling'}{since}.",
        ]
    lines = [f"{account['id']} ({account['kind']})", ""]
    if account["kind"] == "customer":
        lines += [_line("Consent", f"given{since}")]
        given = [
            f"{each['name']} {each['value']} (given {_day(each['given_at'])})" for each in known["given"]
        ]
        lines += [_line("Given", ", ".join(given) if given else "nothing")]
    lines += [*_deeds(known), *_tastes(known), *_conclusions(known)]
    return lines


def _deeds(known: dict[str, Any]) -> list[str]:
    recency, frequency, spend = known["recency"], known["frequency"], known["spend"]
    if recency["last_seen"] is None:
        return [_line("Seen", "never")]
    money = ", ".join(f"{cents / 100:.2f} {currency}" for currency, cents in spend["cents"].items())
    ordered = f", the last on {_day(recency['last_order_at'])}" if recency["last_order_at"] else ""
    by_name = sorted(frequency["by_name"].items(), key=lambda each: (-each[1], each[0]))
    return [
        _line(
            "Seen",
            f"{_day(recency['first_seen'])} to {_day(recency['last_seen'])}, "
            f"{recency['days_since_last_seen']:.0f} days ago",
        ),
        _line(
            "Orders", f"{frequency['orders']}{ordered}; {spend['items_bought']} pieces; {money or 'no money'}"
        ),
        _line("Events", f"{frequency['events']}: " + ", ".join(f"{count} {name}" for name, count in by_name)),
    ]


def _tastes(known: dict[str, Any]) -> list[str]:
    lines = []
    for title, key in (("Categories", "categories"), ("Brands", "brands")):
        for place, each in enumerate(known[key]):
            bar = f"{_bar(each['share'])} {each['share']:4.0%}  {each['name']} (from {each['events']} events)"
            lines.append(_line(title if place == 0 else "", bar))
    if known["price_level"] is not None:
        level = known["price_level"]
        words = f"{_bar(level['value'])} {level['value']:4.0%}  {level['words']} of their categories"
        lines.append(_line("Prices", words))
    times = [
        f"{known['times'][part]:.0%} {part}" for part in ("mornings", "afternoons", "evenings", "nights")
    ]
    lines.append(_line("Times", f"{', '.join(times)}; {known['times']['weekends']:.0%} at weekends (UTC)"))
    lines.append(_line("Channels", ", ".join(f"{name} {count}" for name, count in known["channels"].items())))
    for place, each in enumerate(known["words"]):
        words = f'{each["kind"]} "{each["text"]}" ({_day(each["at"])})'
        lines.append(_line("Words" if place == 0 else "", words))
    for title, key in (("Looked at", "seen"), ("Bought", "bought"), ("Not for me", "dismissed")):
        found = [f"{each['name'] or 'no longer sold'} ({each['sku']})" for each in known[key]]
        lines += [_line(title, ", ".join(found))] if found else []
    ratings = [f"{each['rating']} stars for {each['name'] or each['sku']}" for each in known["ratings"]]
    return lines + ([_line("Ratings", ", ".join(ratings))] if ratings else [])


def _conclusions(known: dict[str, Any]) -> list[str]:
    segment, nearest = known["segment"], known["nearest"]
    lines = [""]
    if segment is None:
        lines.append(_line("Segment", "none yet: run storekeep train segments"))
    else:
        lines.append(_line("Segment", segment["name"]))
        lines += [_line("  because", why) for why in segment["why"]]
        lines += [] if segment["why"] else [_line("  because", "no other segment is nearer")]
    found = [f"{each['shopper'].removeprefix('customer:')} ({each['similarity']:.2f})" for each in nearest]
    return [*lines, _line("Nearest", ", ".join(found) if found else "nobody known")]


def _line(title: str, text: str) -> str:
    return f"{title:<12}{text}".rstrip()


def _bar(share: float) -> str:
    filled = round(share * BAR)
    return "█" * filled + "░" * (BAR - filled)


def _day(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d}"
