"""What would the shop recommend to this customer? ``storekeep recommend ID``, as chat and site show it."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import click

from bot.assembly import Shop, open_recommender, open_shop
from bot.cli.failures import BadInput, settings_or_exit, told
from bot.database.connection import DatabaseUnavailable
from bot.recommendations.recommendation import Recommendations, Wish
from bot.recommendations.wishes import WishReader
from bot.settings import Settings
from bot.shoppers.shopper import Shopper
from knowledge_base.encoder import ModelMissing
from knowledge_base.shared_encoder import SharedEncoder
from knowledge_base.shop_documents import price_text

_MAX_WISH = 2000
_MOST = 100


@click.command(help="Recommend products to a customer: for what they did, or for a wish in words.")
@click.argument("customer_id")
@click.option("-n", "--count", type=click.IntRange(1, _MOST), default=5, show_default=True)
@click.option("--wish", default=None, metavar="TEXT", help='Such as "headphones under 100, but no vinyl".')
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(customer_id: str, count: int, wish: str | None, as_json: bool) -> None:
    if wish is not None and not 1 <= len(wish.strip()) <= _MAX_WISH:
        raise BadInput(f"--wish should be text of 1 to {_MAX_WISH} characters; came {len(wish.strip())}.")
    settings = settings_or_exit()
    with told(bad_input=(DatabaseUnavailable,), failed=(ModelMissing,)):
        shop = open_shop(settings)
        with closing(shop.database):
            found = _recommended(settings, shop, customer_id, count, wish)
            lines = [] if as_json else _in_words(shop, found)
    click.echo(json.dumps(as_contract(found), ensure_ascii=False) if as_json else "\n".join(lines))


def as_contract(found: Recommendations) -> dict[str, Any]:
    """The JSON shape that others rely on."""
    items = [
        {"sku": item.sku, "name": item.name, "score": round(item.score, 4), "reason": item.reason}
        for item in found.items
    ]
    return {"items": items, "milliseconds": round(found.milliseconds, 1)}


def _recommended(
    settings: Settings, shop: Shop, customer_id: str, count: int, words: str | None
) -> Recommendations:
    """Of a customer who did not agree to profiling nothing is looked at, nor for a gift for somebody else."""
    if shop.customers.customer(customer_id) is None:
        raise BadInput(f"CUSTOMER_ID should be a customer's id, such as C00017; came {customer_id!r}.")
    shopper = Shopper(customer_id=customer_id) if shop.consents.may_profile(customer_id) else None
    if shopper is None:
        click.echo(f"{customer_id} did not agree to profiling: not chosen for them alone.", err=True)
    if words is None:
        recommender = open_recommender(settings, shop)
        return (
            recommender.popular(count) if shopper is None else recommender.recommend(shopper, Wish(), count)
        )
    wanted = WishReader(shop.catalogue.products()).read(words)
    encoder = SharedEncoder(settings.encoder_model)
    encoder.loaded()  # so that loading it is no part of the time that is told
    recommender = open_recommender(settings, shop, encoder)
    return recommender.recommend(None if wanted.is_for_another else shopper, wanted.as_wish(), count)


def _in_words(shop: Shop, found: Recommendations) -> list[str]:
    if not found.items:
        return ["Nothing fits."]
    products = {product.sku: product for product in shop.catalogue.products()}
    prices = [
        price_text(products[item.sku].price_cents, products[item.sku].currency)
        if item.sku in products
        else ""
        for item in found.items
    ]
    names, skus = max(len(item.name) for item in found.items), max(len(item.sku) for item in found.items)
    return [
        f"{item.sku:{skus}}  {item.name:{names}}  {price:>{max(map(len, prices))}}  {item.reason}"
        for item, price in zip(found.items, prices, strict=True)
    ]
