"""How do the shop's own products, reviews, offers, customers, orders and past events come in?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.assembly import Shop, now, open_shop
from bot.catalogue import ImportSummary, UnknownProduct
from bot.cli.failures import BadInput, settings_or_exit, told
from bot.customer_import import EmailTaken, put_customers, read_customers
from bot.database.connection import DatabaseUnavailable
from bot.order_files import KnownShop, read_orders
from bot.order_import import OtherCustomersOrder, put_orders
from bot.promotions.offer_files import OfferingShop, read_offers
from bot.promotions.offers import Offers
from bot.shoppers.event_files import read_events
from bot.shoppers.event_intake import Arrival, EventIntake
from knowledge_base.product_files import read_products, read_reviews
from knowledge_base.row_files import FORMATS, BrokenRows, Progress, UnknownFormat
from knowledge_base.shop_details import BrokenShopDetails, read_shop_details

KINDS = ("products", "reviews", "offers", "customers", "orders", "events")
FOR_THE_ASSISTANT = ("products", "reviews")
LATER_FORMATS = ("shopify", "google")
BYTES_WORTH_A_BAR = 2_000_000


@dataclass(frozen=True)
class Source:
    """A file, how it is written, the currency of prices that name none, who hears of the progress, and where
    the shop's own details lie.
    """

    file: Path
    format: str
    currency: str
    progress: Progress | None
    knowledge_dir: Path


@click.command(
    help="Bring a file into the database: all of it, or nothing if a row is broken. A second time, only what "
    "is different changes. Customers come before their orders and events, products before reviews, offers "
    "and orders."
)
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "format_", type=click.Choice(("auto", *FORMATS, *LATER_FORMATS)), default="auto")
@click.option("--currency", default="EUR", show_default=True, help="The currency of prices that name none.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(kind: str, file: Path, format_: str, currency: str, as_json: bool) -> None:
    if format_ in LATER_FORMATS:
        raise BadInput(
            f"{format_} cannot be imported: supported are {', '.join(KINDS)} as {' and '.join(FORMATS)}."
        )
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise BadInput(f"--currency should be three capitals like EUR (ISO 4217); came {currency!r}.")
    settings = settings_or_exit()
    bad_rows = (BrokenRows, UnknownFormat, UnknownProduct, EmailTaken, OtherCustomersOrder)
    with told(bad_input=(*bad_rows, BrokenShopDetails), failed=(DatabaseUnavailable,)):
        shop = open_shop(settings)
        with closing(shop.database), _progress(file) as progress:
            source = Source(file, format_, currency, progress, settings.knowledge_dir)
            summary = _bring_in(shop, kind, source)
    click.echo(json.dumps(_as_object(summary)) if as_json else _in_words(kind, summary))


def _bring_in(shop: Shop, kind: str, source: Source) -> ImportSummary:
    file, format_, progress = source.file, source.format, source.progress
    if kind == "products":
        return shop.catalogue.put_products(read_products(file, format_, source.currency, progress))
    if kind == "customers":
        return put_customers(shop.database, read_customers(file, format_, progress), now)
    if kind == "offers":
        return _bring_in_offers(shop, source)
    customer_ids = shop.customers.ids()
    if kind == "events":
        return _bring_in_events(shop, source, customer_ids)
    names = {product.sku: product.name for product in shop.catalogue.products()}
    if kind == "reviews":
        return shop.catalogue.put_reviews(read_reviews(file, format_, progress, names, customer_ids))
    known = KnownShop(customer_ids, names)
    return put_orders(shop.database, read_orders(file, known, format_, source.currency, progress))


def _bring_in_offers(shop: Shop, source: Source) -> ImportSummary:
    products = shop.catalogue.products()
    known = OfferingShop(
        skus={product.sku for product in products},
        categories={product.category for product in products},
        timezone=ZoneInfo(read_shop_details(source.knowledge_dir).timezone),
        currency=source.currency,
    )
    return Offers(shop.database, now).put(read_offers(source.file, known, source.format, source.progress))


def _bring_in_events(shop: Shop, source: Source, customer_ids: frozenset[str]) -> ImportSummary:
    calls = read_events(source.file, customer_ids, now(), source.format, source.progress)
    [outcome] = EventIntake(shop.database, now).take([Arrival(list(enumerate(calls)), "import")])
    return ImportSummary(outcome.accepted, 0, outcome.repeated, outcome.no_consent)


@contextmanager
def _progress(file: Path) -> Iterator[Progress | None]:
    """A bar over the file's bytes on stderr, None for a file that is read at once."""
    size = file.stat().st_size
    if size < BYTES_WORTH_A_BAR:
        yield None
        return
    from tqdm import tqdm

    with tqdm(total=size, unit="B", unit_scale=True, desc=file.name, leave=False) as bar:

        def advance(count: int) -> None:
            bar.update(count)

        yield advance


def _as_object(summary: ImportSummary) -> dict[str, int]:
    return {name: count for name, count in asdict(summary).items() if count is not None}


def _in_words(kind: str, summary: ImportSummary) -> str:
    said = f"{kind}: {summary.added} added, {summary.changed} changed, {summary.unchanged} unchanged."
    if summary.without_consent is not None:
        said += f" {_sentence(kind, summary.without_consent)}"
    if kind in FOR_THE_ASSISTANT:
        said += " Run `storekeep index` so that the assistant reads them."
    return said


def _sentence(kind: str, without_consent: int) -> str:
    """What is not kept as behaviour for lack of consent."""
    if kind == "events":
        return f"{without_consent} left out: no consent to profiling."
    return f"{without_consent} of them made no event: no consent to profiling."
