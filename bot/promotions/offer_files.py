"""Which offers does a file hold?

An offer has id, kind, starts and ends; percent, amount or bundle_sku, as its kind needs; and where it is not
for everything and everybody, code, minimum, skus, categories, countries, segments and customers.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from bot.promotions import offer_values
from bot.promotions.offer import Audience, Offer, OfferKind
from knowledge_base import row_values
from knowledge_base.row_fields import Fields, read_table
from knowledge_base.row_files import Progress

ALIASES = {"offer_id": "id", "type": "kind", "starts_at": "starts", "ends_at": "ends", "coupon": "code"}
MONEY = ("amount", "amount_cents", "minimum", "minimum_cents")
SCOPE = ("skus", "categories", "countries", "segments", "customers")
COLUMNS = ("id", "kind", "percent", *MONEY, "currency", "bundle_sku", "code", "starts", "ends", *SCOPE)
ONLY_OF: dict[OfferKind, tuple[str, ...]] = {
    "percentage": ("percent",),
    "amount": ("amount", "amount_cents"),
    "bundle": ("bundle_sku",),
}
"""The columns that only offers of a kind may have."""
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class OfferingShop:
    """What an offer may name, the shop's timezone, and the currency of offers that name none."""

    skus: Container[str]
    categories: Container[str]
    timezone: tzinfo = UTC
    currency: str = "EUR"


def read_offers(
    path: Path, shop: OfferingShop, format: str = "auto", progress: Progress | None = None
) -> tuple[Offer, ...]:
    """The offers of a file. Times without a zone are the shop's; `ends` as a mere date is that whole day.

    Raises BrokenRows with every problem of every row, UnknownFormat, OSError.
    """
    return read_offer_rows(path, lambda fields: offer_in(fields, shop), format, progress)


def read_offer_rows(
    path: Path,
    make: Callable[[Fields], Offer | None],
    format: str = "auto",
    progress: Progress | None = None,
) -> tuple[Offer, ...]:
    """What `make` makes of each row, None only where it noted a problem; an id comes once.

    Raises BrokenRows with every problem of every row, UnknownFormat, OSError.
    """

    def key(offer: Offer | None) -> str:
        return "" if offer is None else offer.id

    made = read_table(path, format, progress, make, ALIASES, ("id", key))
    return tuple(offer for offer in made if offer is not None)


def offer_in(fields: Fields, shop: OfferingShop) -> Offer | None:
    """The offer of a row; None if something is wrong with it, which is noted."""
    nothing: OfferKind | None = None
    kind = fields.get("kind", offer_values.kind, nothing)
    _refuse_columns(fields, kind)
    id_ = fields.get("id", row_values.sku, "")
    starts_at = fields.get("starts", offer_values.start_in(shop.timezone), NEVER)
    ends_at = fields.get("ends", offer_values.end_in(shop.timezone), NEVER)
    currency = fields.get("currency", row_values.currency, shop.currency, required=False)
    percent = fields.get("percent", offer_values.percent, 0, required=kind == "percentage")
    amount_cents = _cents(fields, "amount", required=kind == "amount")
    bundle_sku = fields.get("bundle_sku", row_values.sku, "", required=kind == "bundle")
    code = fields.get("code", offer_values.code, "", required=False)
    minimum_cents = _cents(fields, "minimum", required=False)
    skus = _several(fields, "skus", row_values.sku)
    categories = _several(fields, "categories", row_values.name)
    audience = _audience(fields)
    _refuse_unknown(fields, "skus", skus, shop.skus, "products in the catalogue")
    _refuse_unknown(fields, "categories", categories, shop.categories, "categories of the catalogue")
    if bundle_sku:
        _refuse_unknown(fields, "bundle_sku", (bundle_sku,), shop.skus, "a product in the catalogue")
    if fields.problems or kind is None:
        return None
    if ends_at <= starts_at:
        fields.problem("ends", f"later than starts, {fields.values['starts']}", fields.values["ends"])
        return None
    return Offer(
        id=id_,
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        currency=currency,
        percent=percent or None,
        amount_cents=amount_cents or None,
        bundle_sku=bundle_sku or None,
        code=code or None,
        minimum_cents=minimum_cents or None,
        skus=skus,
        categories=categories,
        audience=audience,
    )


def _refuse_columns(fields: Fields, kind: OfferKind | None) -> None:
    """Note columns that we do not know, for a misspelt one must not make an offer of everything for
    everybody, and those that only another kind has.
    """
    for column in sorted(fields.values.keys() - set(COLUMNS)):
        fields.problem(column, f"one of the columns {', '.join(COLUMNS)}", fields.values[column])
    for other, columns in ONLY_OF.items():
        for column in columns:
            if kind is not None and other != kind and fields.values.get(column) is not None:
                fields.problem(column, f"missing for {kind}: only {other} has it", fields.values[column])


def _refuse_unknown(
    fields: Fields, field: str, names: Iterable[str], known: Container[str], allowed: str
) -> None:
    for name in names:
        if name not in known:
            fields.problem(field, allowed, name)


def _cents(fields: Fields, name: str, required: bool) -> int:
    """An amount from `name` or `name`_cents; 0 if it is missing or, which is noted, cannot be used."""
    in_cents = f"{name}_cents"
    if fields.values.get(in_cents) is None:
        return fields.get(name, offer_values.price, 0, required)
    cents = fields.get(in_cents, offer_values.cents, 0)
    if cents and fields.get(name, offer_values.price, cents, required=False) != cents:
        fields.problem(name, f"the same as {in_cents}, {cents}, or missing", fields.values[name])
    return cents


def _several(
    fields: Fields, field: str, part: Callable[[object], str], between: str = ",;"
) -> tuple[str, ...]:
    nothing: tuple[str, ...] = ()
    return fields.get(field, offer_values.several(part, between), nothing, required=False)


def _audience(fields: Fields) -> Audience:
    return Audience(
        countries=_several(fields, "countries", row_values.country),
        # The names of segments have commas.
        segments=_several(fields, "segments", row_values.name, between=";"),
        customers=fields.get("customers", offer_values.customers, "all", required=False),
    )
