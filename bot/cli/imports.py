"""How do the shop's own products and reviews come in?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from bot.assembly import open_shop
from bot.catalogue import Catalogue, ImportSummary, UnknownProduct
from bot.cli.failures import BadInput, settings_or_exit, told
from bot.database.connection import DatabaseUnavailable
from knowledge_base.product_files import read_products, read_reviews
from knowledge_base.row_files import FORMATS, BrokenRows, Progress, UnknownFormat

KINDS = ("products", "reviews")
LATER_KINDS = ("orders", "customers", "events")
LATER_FORMATS = ("shopify", "google")
BYTES_WORTH_A_BAR = 2_000_000


@click.command(
    help="Bring a file of products or reviews into the database: all of it, or nothing if a row is broken."
)
@click.argument("kind", type=click.Choice((*KINDS, *LATER_KINDS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "format_", type=click.Choice(("auto", *FORMATS, *LATER_FORMATS)), default="auto")
@click.option("--currency", default="EUR", show_default=True, help="The currency of products that name none.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(kind: str, file: Path, format_: str, currency: str, as_json: bool) -> None:
    if kind in LATER_KINDS or format_ in LATER_FORMATS:
        came = kind if kind in LATER_KINDS else format_
        raise BadInput(
            f"{came} cannot be imported: supported are {' and '.join(KINDS)} as {' and '.join(FORMATS)}."
        )
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise BadInput(f"--currency should be three capitals like EUR (ISO 4217); came {currency!r}.")
    settings = settings_or_exit()
    with told(bad_input=(BrokenRows, UnknownFormat, UnknownProduct), failed=(DatabaseUnavailable,)):
        shop = open_shop(settings)
        with closing(shop.database), _progress(file) as progress:
            summary = _bring_in(shop.catalogue, kind, file, format_, currency, progress)
    click.echo(json.dumps(asdict(summary)) if as_json else _in_words(kind, summary))


def _bring_in(
    catalogue: Catalogue, kind: str, file: Path, format_: str, currency: str, progress: Progress | None
) -> ImportSummary:
    if kind == "products":
        return catalogue.put_products(read_products(file, format_, currency, progress))
    skus = {product.sku for product in catalogue.products()}
    return catalogue.put_reviews(read_reviews(file, format_, progress, skus))


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


def _in_words(kind: str, summary: ImportSummary) -> str:
    counts = f"{summary.added} added, {summary.changed} changed, {summary.unchanged} unchanged"
    return f"{kind}: {counts}. Run `storekeep index` so that the assistant reads them."
