"""Are the offers of a file read as the shop means them, and is every slip named?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.promotions.offer import Audience, Offer
from bot.promotions.offer_files import COLUMNS, OfferingShop, read_offers
from knowledge_base.row_files import BrokenRows, UnknownFormat

SHOP = OfferingShop({"L-1", "L-2", "L-3"}, {"Lamps", "Coffee & Tea"}, ZoneInfo("Europe/Berlin"), "CHF")
ROW = {"id": "A", "kind": "percentage", "percent": 20, "starts": "2026-03-01", "ends": "2026-03-31"}
SHIPPING = {**ROW, "kind": "free_shipping", "percent": None}


def read(folder: Path, *rows: object) -> tuple[Offer, ...]:
    path = folder / "offers.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return read_offers(path, SHOP)


def problems(folder: Path, *rows: object) -> list[str]:
    with pytest.raises(BrokenRows) as error:
        read(folder, *rows)
    return str(error.value).splitlines()


def test_an_offer_needs_little_and_is_then_for_everything_and_everybody(tmp_path: Path) -> None:
    assert read(tmp_path, ROW) == (
        Offer(
            "A",
            "percentage",
            datetime(2026, 2, 28, 23, tzinfo=UTC),
            # The clocks went forward on 29 March.
            datetime(2026, 3, 31, 22, tzinfo=UTC),
            "CHF",
            percent=20,
        ),
    )


def test_times_have_their_zone_or_the_shops(tmp_path: Path) -> None:
    [offer] = read(tmp_path, {**ROW, "starts": "2026-03-01T08:30", "ends": "2026-03-31T20:00:00+09:00"})
    assert offer.starts_at == datetime(2026, 3, 1, 7, 30, tzinfo=UTC)
    assert offer.ends_at == datetime(2026, 3, 31, 11, tzinfo=UTC)


def test_an_offer_of_one_day_starts_and_ends_on_the_same_date(tmp_path: Path) -> None:
    [offer] = read(tmp_path, {**ROW, "ends": ROW["starts"]})
    assert (offer.ends_at - offer.starts_at).days == 1


def test_csv_and_json_lines_say_the_same(tmp_path: Path) -> None:
    path = tmp_path / "offers.csv"
    path.write_text(
        "Offer ID,type,amount,bundle_sku,code,starts_at,ends_at,minimum,currency,skus,categories,countries,"
        "segments,customers\n"
        'A,amount,10.00,,TEN-OFF,2026-03-01,2026-03-31,50,EUR,"L-1, L-2;L-1",Lamps;Coffee & Tea,de;AT,'
        '"Onlookers, mostly evenings; Regular buyers",returning\n'
        "B,bundle,,L-3,,2026-03-01,2026-03-31,,,,,,,\n"
    )
    as_json = read(
        tmp_path,
        {
            **ROW,
            "kind": "amount",
            "percent": None,
            "amount_cents": 1000,
            "minimum_cents": 5000,
            "code": "TEN-OFF",
            "currency": "eur",
            "skus": ["L-1", "L-2"],
            "categories": ["Lamps", "Coffee & Tea"],
            "countries": ["DE", "AT"],
            "segments": ["Onlookers, mostly evenings", "Regular buyers"],
            "customers": "returning",
        },
        {**ROW, "id": "B", "kind": "bundle", "percent": None, "bundle_sku": "L-3"},
    )
    assert read_offers(path, SHOP) == as_json
    first, second = as_json
    assert (first.amount_cents, first.minimum_cents, first.currency) == (1000, 5000, "EUR")
    assert first.audience == Audience(
        ("DE", "AT"), ("Onlookers, mostly evenings", "Regular buyers"), "returning"
    )
    assert (second.bundle_sku, second.currency) == ("L-3", "CHF")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"id": None},
            "id: should be 1 to 80 letters, digits or . _ : + -, the first a letter or digit; came nothing",
        ),
        ({"kind": "gift"}, "kind: should be one of percentage, amount, bundle, free_shipping; came 'gift'"),
        ({"percent": None}, "percent: should be a whole number from 1 to 90; came nothing"),
        ({"percent": 91}, "percent: should be a whole number from 1 to 90; came 91"),
        ({"percent": 12.5}, "percent: should be a whole number from 1 to 90; came 12.5"),
        ({"percent": True}, "percent: should be a whole number from 1 to 90; came True"),
        ({"amount": "5"}, "amount: should be missing for percentage: only amount has it; came '5'"),
        (
            {"bundle_sku": "L-2"},
            "bundle_sku: should be missing for percentage: only bundle has it; came 'L-2'",
        ),
        ({"minimum": "0"}, "minimum: should be an amount like 10.00, from 0.01 on; came '0'"),
        (
            {"minimum": "5,00"},
            "minimum: should be a price like 129.90, with a point and at most two decimals; came '5,00'",
        ),
        ({"minimum_cents": 0}, "minimum_cents: should be a whole number of cents from 1; came 0"),
        (
            {"minimum_cents": 500, "minimum": "6"},
            "minimum: should be the same as minimum_cents, 500, or missing; came '6'",
        ),
        ({"currency": "euro"}, "currency: should be three letters like EUR (ISO 4217); came 'euro'"),
        ({"code": "SAVE 20"}, "code: should be 3 to 20 of A-Z, 0-9 and -; came 'SAVE 20'"),
        ({"code": "save20"}, "code: should be 3 to 20 of A-Z, 0-9 and -; came 'save20'"),
        ({"code": "AB"}, "code: should be 3 to 20 of A-Z, 0-9 and -; came 'AB'"),
        (
            {"starts": "soon"},
            "starts: should be a date like 2026-03-14 or a time like 2026-03-14T09:00; came 'soon'",
        ),
        (
            {"ends": "9999-12-31"},
            "ends: should be a date like 2026-03-14 or a time like 2026-03-14T09:00; came '9999-12-31'",
        ),
        ({"ends": "2026-02-28"}, "ends: should be later than starts, 2026-03-01; came '2026-02-28'"),
        ({"skus": "L-1;L-9"}, "skus: should be products in the catalogue; came 'L-9'"),
        ({"skus": " ; "}, "skus: should be a list, or texts between , or ; signs; came ' ; '"),
        ({"categories": ["Tents"]}, "categories: should be categories of the catalogue; came 'Tents'"),
        ({"countries": "Germany"}, "countries: should be two letters like DE (ISO 3166); came 'Germany'"),
        ({"customers": "new"}, "customers: should be one of all, first_order, returning; came 'new'"),
        (
            {"categorys": "Lamps"},
            f"categorys: should be one of the columns {', '.join(COLUMNS)}; came 'Lamps'",
        ),
        ({"starts_in_days": 0}, f"starts_in_days: should be one of the columns {', '.join(COLUMNS)}; came 0"),
    ],
)
def test_a_slip_is_named_with_what_was_allowed(tmp_path: Path, change: dict[str, object], said: str) -> None:
    assert problems(tmp_path, {**ROW, **change}) == [f"offers.jsonl, line 1, {said}"]


def test_a_bundle_is_of_a_product_of_the_shop_and_is_named(tmp_path: Path) -> None:
    bundle = {**SHIPPING, "kind": "bundle"}
    assert problems(tmp_path, bundle, {**bundle, "bundle_sku": "L-9"}) == [
        "offers.jsonl, line 1, bundle_sku: should be 1 to 80 letters, digits or . _ : + -, the first a "
        "letter or digit; came nothing",
        "offers.jsonl, line 2, bundle_sku: should be a product in the catalogue; came 'L-9'",
    ]


def test_every_slip_of_every_row_is_named_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, {**ROW, "percent": 0, "code": "x"}, SHIPPING, {**ROW, "id": "B", "ends": ""})
    assert [line.split(": should be")[0] for line in found] == [
        "offers.jsonl, line 1, percent",
        "offers.jsonl, line 1, code",
        "offers.jsonl, line 3, ends",
    ]


def test_an_id_comes_once(tmp_path: Path) -> None:
    assert problems(tmp_path, ROW, SHIPPING) == [
        "offers.jsonl, line 2, id: should be there once in the file; line 1 has it too; came 'A'"
    ]


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat):
        read_offers(tmp_path / "offers.xlsx", SHOP)
