"""Does the catalogue keep what was put into it, and change only what changed?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from bot.catalogue import Catalogue, ImportSummary, UnknownProduct
from bot.customers import Customer, Customers
from bot.database.connection import Database
from bot.database.tables import ProductRow
from bot.shoppers.events import Events
from knowledge_base.products import Product, Review

LAMP = Product(
    sku="L-1",
    name="Ovelle Reading Lamp",
    brand="Ovelle",
    category="Lamps",
    price_cents=4990,
    currency="EUR",
    stock=3,
    attributes={"Weight": "1.2 kg", "Cable": "1.8 m"},
    tags=("desk", "led"),
    description="A lamp.\n\nIt shines.",
)
CHAIR = replace(LAMP, sku="C-1", name="Stuhl für große Leute", category="Chairs", attributes={}, tags=())
PRAISE = Review("L-1", 5, date(2026, 3, 14), "Marta K.", "Bright", "Very bright, and I mean it.")


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    return Catalogue(database, lambda: datetime(2026, 3, 14, tzinfo=UTC))


def test_products_come_back_as_they_went_in_by_sku(catalogue: Catalogue) -> None:
    catalogue.put_products([LAMP, CHAIR])
    assert catalogue.products() == (CHAIR, LAMP)
    assert catalogue.product("L-1") == LAMP
    assert catalogue.product("L-2") is None
    assert catalogue.product("L-1\0") == LAMP


def test_attributes_keep_their_order(catalogue: Catalogue) -> None:
    catalogue.put_products([LAMP])
    stored = catalogue.product("L-1")
    assert stored is not None
    assert list(stored.attributes) == ["Weight", "Cable"]


def test_a_second_import_changes_only_what_changed(database: Database) -> None:
    first, second = datetime(2026, 3, 14, tzinfo=UTC), datetime(2026, 3, 15, tzinfo=UTC)
    assert Catalogue(database, lambda: first).put_products([LAMP, CHAIR]) == ImportSummary(2, 0, 0)
    cheaper = replace(LAMP, price_cents=3990)
    assert Catalogue(database, lambda: second).put_products([cheaper, CHAIR]) == ImportSummary(0, 1, 1)
    with database.reading() as session:
        times = session.execute(select(ProductRow.sku, ProductRow.updated_at).order_by(ProductRow.sku)).all()
    assert [tuple(row) for row in times] == [("C-1", first), ("L-1", second)]
    assert Catalogue(database).product("L-1") == cheaper


def test_reviews_come_back_newest_first(catalogue: Catalogue) -> None:
    catalogue.put_products([LAMP, CHAIR])
    older = replace(PRAISE, sku="C-1", date=date(2025, 1, 1))
    assert catalogue.put_reviews([older, PRAISE]) == ImportSummary(2, 0, 0)
    assert catalogue.reviews() == (PRAISE, older)
    assert catalogue.reviews("C-1") == (older,)
    assert catalogue.reviews("X") == ()


def test_a_review_that_was_edited_replaces_the_earlier_one(catalogue: Catalogue) -> None:
    catalogue.put_products([LAMP])
    catalogue.put_reviews([PRAISE])
    edited = replace(PRAISE, rating=2, text="It broke.")
    assert catalogue.put_reviews([edited]) == ImportSummary(0, 1, 0)
    assert catalogue.put_reviews([edited]) == ImportSummary(0, 0, 1)
    assert catalogue.reviews("L-1") == (edited,)


def test_reviews_of_products_that_are_not_there_are_refused_together(catalogue: Catalogue) -> None:
    catalogue.put_products([LAMP])
    with pytest.raises(UnknownProduct, match="there is no product X-1"):
        catalogue.put_reviews([PRAISE, replace(PRAISE, sku="X-1")])
    assert catalogue.reviews() == ()


def test_a_review_of_a_customer_comes_back_with_them_and_one_of_nobody_is_what_it_was(
    catalogue: Catalogue, database: Database
) -> None:
    catalogue.put_products([LAMP])
    Customers(database).add(
        [Customer("C00001", "a@mail.example", "Anna", "DE", datetime(2026, 1, 1, tzinfo=UTC))]
    )
    assert catalogue.put_reviews([PRAISE]) == ImportSummary(1, 0, 0)
    hers = replace(PRAISE, customer_id="C00001")
    assert catalogue.put_reviews([hers]) == ImportSummary(0, 1, 0, without_consent=1)
    assert catalogue.reviews() == (hers,)
    assert Events(database).count() == 0
