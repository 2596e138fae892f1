"""What does a conversation get recommended? By the words of a message, and by what was said before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from bot.recommendations.catalogue_reading import CatalogueReading
from bot.recommendations.follow_ups import read_follow_up
from bot.recommendations.recommendation import Recommendation, Recommends, Wish
from bot.recommendations.talk_moves import (
    ABOUT_A_PRODUCT,
    Kind,
    Step,
    Surroundings,
    next_step,
    sku_meant,
)
from bot.recommendations.talk_wishes import Talk
from knowledge_base.products import Product

LOOKED_THROUGH = 40
"""Of lists that take no conditions so many are asked for, and what does not fit is left out."""

Narrow = Literal["price", "kind", "topic"]


class KnowsProducts(Protocol):
    """What the adviser needs of `bot.catalogue.Catalogue`."""

    def product(self, sku: str) -> Product | None: ...

    def products(self) -> tuple[Product, ...]: ...

    def stamp(self) -> object:
        """Another one whenever a product was added, changed or removed."""
        ...


@dataclass(frozen=True)
class Advice:
    """What to say. `kind` None: the message points at a product, and nobody can tell at which.

    `items` are best first, each with its product. If there are none, `narrow` is the condition without which
    there would be some, None if no single one is to blame. `about` is the product that was meant; `currency`
    that of the catalogue.
    """

    kind: Kind | None
    items: tuple[tuple[Recommendation, Product], ...]
    talk: Talk
    currency: str
    about: Product | None = None
    narrow: Narrow | None = None


class Adviser:
    """Reads messages with the words of the catalogue as it is. Safe to call from several threads."""

    def __init__(
        self, recommender: Recommends, catalogue: KnowsProducts, reading: CatalogueReading | None = None
    ) -> None:
        """`reading` is given where several read the same catalogue."""
        self._recommender = recommender
        self._catalogue = catalogue
        self._reading = CatalogueReading(catalogue) if reading is None else reading

    def advise(self, message: str, talk: Talk, around: Surroundings) -> Advice:
        """What the recommender raises is the caller's."""
        reader, names = self._reading.words()
        named, without_name = names.find(message, talk.shown)
        follow_up = read_follow_up(without_name)
        meant = named
        if meant is None and (follow_up.is_definite or reader.read(follow_up.rest).text is None):
            meant = sku_meant(follow_up, talk, around)
        product = None if meant is None else self._catalogue.product(meant)
        moves = follow_up.moves
        if product is None and moves & ABOUT_A_PRODUCT:
            moves -= ABOUT_A_PRODUCT
            # "Similar to a tent" is a wish like any other; "anything similar?" is about all that was shown.
            if reader.read(follow_up.rest).text is None:
                if not talk.shown:
                    return Advice(None, (), talk, reader.currency)
                moves |= {"others"}
        wanted = reader.read(follow_up.rest if moves else message)
        known = {found.sku: found for found in self._known(talk.shown)}
        cheap = reader.read("cheap").highest_cents
        step = next_step(talk, moves, wanted, product, known, cheap)
        return self._answer(step, talk, around, reader.currency)

    def _answer(self, step: Step, before: Talk, around: Surroundings, currency: str) -> Advice:
        items = self._find(step, around)
        if not items and step.kind in ("cheaper", "dearer"):
            items = self._find(replace(step, leave_out=frozenset()), around)
        talk = step.talk
        if not items:
            if step.kind in ("cheaper", "dearer"):
                talk = before
            return Advice(step.kind, (), talk, currency, step.about, self._narrow(step, around))
        skus = tuple(item.sku for item, _ in items)
        shown = (*talk.shown, *skus) if step.kind == "instead" else skus
        return Advice(step.kind, items, talk.showing(shown), currency, step.about)

    def _find(self, step: Step, around: Surroundings) -> tuple[tuple[Recommendation, Product], ...]:
        found = []
        for item, product in self._with_products(self._candidates(step, around)):
            if step.talk.allows(product) and item.sku not in step.leave_out:
                found.append((item, product))
        return tuple(found[: step.count])

    def _candidates(self, step: Step, around: Surroundings) -> tuple[Recommendation, ...]:
        talk = step.talk
        if talk.way == "popular":
            return self._recommender.popular(LOOKED_THROUGH).items
        if talk.about is not None and talk.way == "goes_with":
            return self._recommender.goes_with(talk.about, LOOKED_THROUGH).items
        if talk.about is not None and not talk.has_price:
            return self._recommender.similar(talk.about, LOOKED_THROUGH).items
        shopper = None if talk.is_for_another else around.shopper
        wish = _wish(step, around)
        return self._recommender.recommend(shopper, wish, step.count).items

    def _narrow(self, step: Step, around: Surroundings) -> Narrow | None:
        """The one condition that leaves nothing, if there is one; the price is looked at first."""
        looser: tuple[tuple[Narrow, Step], ...] = (
            ("price", replace(step, talk=step.talk.without_price())),
            ("kind", replace(step, talk=step.talk.without_kind())),
            ("topic", replace(step, text=None, talk=replace(step.talk, topic=None))),
        )
        for name, other in looser:
            if other != step and self._find(replace(other, count=1), around):
                return name
        return None

    def _known(self, skus: Iterable[str]) -> Iterator[Product]:
        for sku in skus:
            product = self._catalogue.product(sku)
            if product is not None:
                yield product

    def _with_products(self, items: Iterable[Recommendation]) -> Iterator[tuple[Recommendation, Product]]:
        for item in items:
            product = self._catalogue.product(item.sku)
            if product is not None:
                yield item, product


def _wish(step: Step, around: Surroundings) -> Wish:
    talk = step.talk
    text = step.text if step.text is not None else talk.topic
    seen: tuple[str, ...] = ()
    if talk.is_for_another:
        # Whom a gift is for is not remembered; what was shown for them still tells what it is about.
        seen = talk.shown if text is None else ()
    elif around.shopper is None:
        seen = around.seen
    return Wish(
        text=text,
        lowest_cents=talk.lowest_cents,
        highest_cents=talk.highest_cents,
        categories=talk.categories,
        excluded_categories=talk.excluded_categories,
        excluded_skus=talk.excluded_skus | frozenset(talk.dismissed) | step.leave_out,
        like=talk.about,
        seen=seen,
    )
