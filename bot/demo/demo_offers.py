"""Which offers does the demo shop have? The sample's, with days that count from the day of the demo, so that
they always run.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

from bot.promotions.offer import Offer
from bot.promotions.offer_files import OfferingShop, offer_in, read_offer_rows
from knowledge_base.row_fields import Fields
from knowledge_base.row_values import UnusableValue

OFFERS_FILE = "offers.jsonl"
FURTHEST_DAYS = 3650


def read_demo_offers(path: Path, shop: OfferingShop, today: datetime) -> tuple[Offer, ...]:
    """The offers of a file that has starts_in_days and ends_in_days in place of starts and ends: days from
    today's date in the shop's timezone, below 0 for days before it. Both days are whole ones.

    Raises BrokenRows, OSError.
    """
    day = _day_in(shop.timezone, today)

    def make(fields: Fields) -> Offer | None:
        _put_date(fields, "starts", day)
        _put_date(fields, "ends", day)
        return offer_in(fields, shop)

    return read_offer_rows(path, make)


def _day_in(zone: tzinfo, today: datetime) -> date:
    return today.astimezone(zone).date()


def _put_date(fields: Fields, name: str, day: date) -> None:
    """Write the date into `name` that `name`_in_days is."""
    in_days = f"{name}_in_days"
    days = fields.get(in_days, _days, 0)
    fields.values.pop(in_days, None)
    fields.values[name] = (day + timedelta(days=days)).isoformat()


def _days(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > FURTHEST_DAYS:
        raise UnusableValue("", f"a whole number from -{FURTHEST_DAYS} to {FURTHEST_DAYS}", value)
    return value
