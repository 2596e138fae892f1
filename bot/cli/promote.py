"""What would the shop write about this product, for this customer? ``storekeep promote SKU``, checked."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import click

from bot.assembly import Shop, now, open_shop
from bot.cli.failures import BadInput, settings_or_exit, told
from bot.customers import UnknownCustomer
from bot.database.connection import DatabaseUnavailable
from bot.promotion_assembly import open_promotion_desk
from bot.promotions.copybook import TONES
from bot.promotions.desk import PromotionDesk, Written, draft_of
from bot.promotions.facts_source import UnknownSku
from bot.promotions.marketing_consent import MarketingConsents
from bot.promotions.permission import Permission
from bot.promotions.plans import CHANNELS, Channel
from bot.promotions.promoter import Recent
from bot.promotions.promotion_record import PromotionRecord
from bot.promotions.shared_writer import SharedWriter
from bot.promotions.writer import WriterMissing
from bot.settings import Settings
from knowledge_base.encoder import ModelMissing
from knowledge_base.shared_encoder import SharedEncoder
from knowledge_base.shop_details import BrokenShopDetails

_MOST = 20
_PRODUCTS_AT_ONCE = 12
COLUMNS = ("sku", "product", "channel", "tone", "offer", "source", "subject", "text", "facts")


@click.command(
    help="Write promotions for the product SKU, or with --all one for each product of the catalogue: only "
    "what the database says, checked word by word. Nothing is sent."
)
@click.argument("sku", required=False)
@click.option(
    "--customer", "customer_id", default=None, metavar="ID", help="For whom: their offers, their name."
)
@click.option("--channel", type=click.Choice(CHANNELS), default="chat", show_default=True)
@click.option("--tone", type=click.Choice(TONES), default=None, help="Default: one after the other.")
@click.option("-n", "--count", type=click.IntRange(1, _MOST), default=3, show_default=True)
@click.option("--all", "every", is_flag=True, help="All products, one message each.")
@click.option("--format", "format_", type=click.Choice(("csv", "jsonl")), default="csv", show_default=True)
@click.option("--keep", is_flag=True, help="Put them on the list under /agent, for people to decide on.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another number gives other texts.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(
    sku: str | None,
    customer_id: str | None,
    channel: Channel,
    tone: str | None,
    count: int,
    every: bool,
    format_: str,
    keep: bool,
    seed: int,
    as_json: bool,
) -> None:
    if (sku is None) != every:
        raise BadInput("promote takes a SKU or --all, not both" if every else "promote takes a SKU, or --all")
    settings = settings_or_exit()
    problems = (DatabaseUnavailable, WriterMissing, ModelMissing, BrokenShopDetails)
    with told(bad_input=(UnknownCustomer, UnknownSku), failed=problems):
        shop = open_shop(settings)
        with closing(shop.database):
            desk = _open_desk(settings, shop, customer_id)
            _tell_permission(shop, customer_id, channel)
            if every:
                _write_all(desk, channel, customer_id, tone, format_, keep)
                return
            product = shop.catalogue.product(str(sku))
            if product is None:
                raise UnknownSku(f"SKU should be a product's, such as {_example(shop)}; came {sku!r}.")
            written = desk.write(product, channel, customer_id, tone, count, seed=seed)
            if keep:
                _keep(desk, written, customer_id)
    click.echo(json.dumps(as_contract(written), ensure_ascii=False) if as_json else in_words(written))


def as_contract(written: Written) -> dict[str, Any]:
    """The JSON shape that others rely on."""
    promoted = written.promoted
    return {
        "messages": [
            {
                "text": one.message.text,
                "subject": one.message.subject,
                "source": one.source,
                "facts": list(one.told),
                "tone": one.tone,
            }
            for one in promoted.messages
        ],
        "rejected": len(promoted.refused),
        "milliseconds": round(promoted.milliseconds, 1),
    }


def in_words(written: Written) -> str:
    """The messages one below the other, and why others were refused."""
    blocks = []
    for number, one in enumerate(written.promoted.messages, 1):
        source = (
            "" if one.source == "model" else ", from the template: no text of the writer passed the check"
        )
        head = f"{number}. {one.tone}{source}"
        subject = [] if one.message.subject is None else [f"Subject: {one.message.subject}", ""]
        lines = [*subject, *one.message.text.split("\n")]
        blocks.append("\n".join([head, *(f"   {line}".rstrip() for line in lines)]))
    if not blocks:
        blocks.append("Nothing passed the check, not even the plain facts.")
    refused = [
        f"   refused: {'; '.join(one.findings)}\n      {' '.join(one.message.copy.split())}"
        for one in written.promoted.refused
    ]
    return "\n\n".join([*blocks, *refused])


def _open_desk(settings: Settings, shop: Shop, customer_id: str | None) -> PromotionDesk:
    """With the writer loaded, and for a customer the encoder, so that loading is no part of the time told."""
    writer = SharedWriter(settings.writer_model)
    writer.loaded()
    if customer_id is None:
        return open_promotion_desk(settings, shop, writer)
    encoder = SharedEncoder(settings.encoder_model)
    encoder.loaded()
    return open_promotion_desk(settings, shop, writer, encoder)


def _tell_permission(shop: Shop, customer_id: str | None, channel: Channel) -> None:
    if customer_id is None:
        return
    permission = Permission(MarketingConsents(shop.database, now), PromotionRecord(shop.database, now), now)
    reason = permission.why_not(customer_id, channel)
    if reason is not None:
        click.echo(f"Not to be sent: {reason}", err=True)


def _write_all(
    desk: PromotionDesk,
    channel: Channel,
    customer_id: str | None,
    tone: str | None,
    format_: str,
    keep: bool,
) -> None:
    """Rows on stdout as they are made, the progress on stderr; a broken pipe ends it quietly."""
    from tqdm import tqdm

    products = desk.source.products.products()
    table = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    if format_ == "csv":
        table.writeheader()
    recent = Recent()
    with tqdm(total=len(products), unit="product") as bar:
        for begin in range(0, len(products), _PRODUCTS_AT_ONCE):
            some = products[begin : begin + _PRODUCTS_AT_ONCE]
            for written in desk.write_all(some, channel, customer_id, tone, recent):
                for row in rows_of(written):
                    if format_ == "csv":
                        table.writerow({**row, "facts": "; ".join(row["facts"])})
                    else:
                        click.echo(json.dumps(row, ensure_ascii=False))
                if keep:
                    _keep(desk, written, customer_id)
            bar.update(len(some))


def rows_of(written: Written) -> Iterator[dict[str, Any]]:
    """One row a message."""
    offer = written.facts.offer
    for one in written.promoted.messages:
        yield {
            "sku": written.product.sku,
            "product": written.product.name,
            "channel": one.message.channel,
            "tone": one.tone,
            "offer": "" if offer is None else offer.id,
            "source": one.source,
            "subject": one.message.subject or "",
            "text": one.message.text,
            "facts": list(one.told),
        }


def _keep(desk: PromotionDesk, written: Written, customer_id: str | None) -> None:
    candidates = (*written.promoted.messages, *written.promoted.refused)
    desk.record.keep([draft_of(one, written.facts, customer_id) for one in candidates])


def _example(shop: Shop) -> str:
    products = shop.catalogue.products()
    return products[0].sku if products else "AUD-001 (there are no products yet: storekeep import products)"
