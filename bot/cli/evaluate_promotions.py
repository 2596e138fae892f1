"""Are the promotions true? ``storekeep evaluate promotions`` writes and judges a whole catalogue of them."""

from __future__ import annotations

import json
import random
from contextlib import closing
from pathlib import Path

import click

from bot.assembly import now, open_shop
from bot.cli.failures import BadInput, settings_or_exit, told
from bot.database.connection import DatabaseUnavailable
from bot.promotions.layout import Footers
from bot.promotions.plans import CHANNELS
from bot.promotions.promoter import Promoter, Request, seed_of
from bot.promotions.promotion_evaluation import Judged, figures_of, judge_all, timed
from bot.promotions.shared_writer import SharedWriter
from bot.promotions.trial_offers import trial_facts
from bot.promotions.writer import WriterMissing
from bot.settings import Settings
from knowledge_base.product_files import read_products
from knowledge_base.products import Product
from knowledge_base.row_files import BrokenRows, UnknownFormat
from knowledge_base.shop_details import BrokenShopDetails, read_shop_details


@click.command(
    help="Write one message a channel for every product, with invented offers of every kind, and let a "
    "second reader judge whether each is true."
)
@click.option(
    "--products",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="Another catalogue, as for storekeep import products. Default: the shop's.",
)
@click.option(
    "--most", type=click.IntRange(1), default=None, help="So many products at most, drawn at random."
)
@click.option("--seed", type=int, default=7, show_default=True)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Write all messages, JSON Lines.",
)
def command(file: Path | None, most: int | None, seed: int, out: Path | None) -> None:
    from tqdm import tqdm

    settings = settings_or_exit()
    problems = (DatabaseUnavailable, WriterMissing, BrokenShopDetails)
    with told(bad_input=(BrokenRows, UnknownFormat), failed=problems):
        products = _products(settings, file, most, seed)
        promoter = Promoter(SharedWriter(settings.writer_model), Footers("https://shop.example/unsubscribe"))
        requests = requests_for(products, read_shop_details(settings.knowledge_dir).name, seed)
        with tqdm(total=len(requests), unit="message") as bar:
            judged, promoted = judge_all(promoter, requests, lambda done: _advance(bar, done))
        figures = figures_of(judged, promoted, list(timed(promoter.promote, requests_of_three(requests))))
        if out is not None:
            out.write_text("".join(f"{json.dumps(as_row(one))}\n" for one in judged), encoding="utf-8")
    click.echo(json.dumps(figures.as_contract()))


def requests_for(products: list[Product], shop_name: str, seed: int) -> list[Request]:
    """One request for each product and channel, each with facts of its own."""
    requests = []
    for product in products:
        for channel in CHANNELS:
            draw = random.Random(seed_of(seed, product.sku, channel))
            facts = trial_facts(product, products, shop_name, now(), draw)
            requests.append(Request(facts, channel, 1, seed=seed_of(seed, product.sku, channel, "text")))
    return requests


def requests_of_three(requests: list[Request]) -> list[Request]:
    """The same ones, for three candidates each, as `storekeep promote` asks."""
    return [Request(one.facts, one.channel, 3, seed=one.seed) for one in requests]


def as_row(one: Judged) -> dict[str, object]:
    """A message as it is written down to be read."""
    message = one.candidate.message
    return {
        "sku": one.facts.product.sku,
        "channel": message.channel,
        "tone": one.candidate.tone,
        "source": one.candidate.source,
        "subject": message.subject,
        "text": message.copy,
        "written": list(one.candidate.written),
        "score": round(one.candidate.score, 4),
        "untrue": list(one.untrue),
    }


def _products(settings: Settings, file: Path | None, most: int | None, seed: int) -> list[Product]:
    if file is not None:
        products = list(read_products(file))
    else:
        shop = open_shop(settings)
        with closing(shop.database):
            products = list(shop.catalogue.products())
    if len(products) < 2:
        raise BadInput(f"at least two products are needed; there are {len(products)}")
    if most is not None and most < len(products):
        products = random.Random(seed).sample(products, most)
    return products


def _advance(bar: object, done: int) -> None:
    bar.update(done)  # type: ignore[attr-defined]
