"""What does a conversation hear about offers? By the words of a message, and what was shown and refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from bot.promotions.chat_promotions import Asking, ChatAnswer, Standing
from bot.promotions.offer_advice import Kind, Listener, OfferAdvice, ShownOffer
from bot.promotions.offer_moves import OfferMoves, name_refused, read_offer_moves, without_offer_words
from bot.promotions.offer_talk import OfferTalk
from bot.recommendations.catalogue_reading import CatalogueReading
from bot.recommendations.talk_moves import Surroundings
from bot.recommendations.wishes import Wanted, WishReader
from knowledge_base.products import Product


class TellsOffers(Protocol):
    """What is needed of `bot.promotions.chat_promotions.ChatPromotions`."""

    def answer(self, asking: Asking) -> ChatAnswer: ...

    def standing(self, asking: Asking) -> Standing: ...

    def refuse(self, asking: Asking, sku: str | None) -> None: ...

    def forgive(self, asking: Asking) -> None: ...


class KnowsOffered(Protocol):
    """What is needed of `bot.catalogue.Catalogue`."""

    def product(self, sku: str) -> Product | None: ...

    def products(self) -> tuple[Product, ...]: ...

    def stamp(self) -> object: ...


class OfferAdviser:
    """Reads messages with the words of the catalogue as it is. Safe to call from several threads."""

    def __init__(
        self, offers: TellsOffers, catalogue: KnowsOffered, reading: CatalogueReading | None = None
    ) -> None:
        """`reading` is given where several read the same catalogue."""
        self._offers = offers
        self._catalogue = catalogue
        self._reading = CatalogueReading(catalogue) if reading is None else reading

    def advise(self, message: str, talk: OfferTalk, listener: Listener) -> OfferAdvice:
        """What goes wrong with the offers or their writer is the caller's."""
        reader, names = self._reading.words()
        moves = read_offer_moves(message)
        name = name_refused(message)
        if name is not None:
            sku = self._called(name, talk)
            return self._refused((), talk) if sku is None else self._refuse((sku,), talk, listener)
        rest = without_offer_words(message)
        wanted = reader.read(rest)
        if not reader.names_products(rest):
            wanted = replace(wanted, topic=None)
        # "Deal" and "code" are taken out before: they are no slips of the fingers for a product's name.
        named, _ = names.find(rest, talk.shown)
        if moves.refuses is not None:
            return self._on_refusal(moves, wanted, named, talk, listener)
        if moves.again and talk.asks and listener.is_answer:
            return self.show_again(talk, listener)
        asked = self._asked(moves, wanted, named, talk, listener.around)
        return self._found(asked, wanted, moves, listener, reader)

    def show_again(self, talk: OfferTalk, listener: Listener) -> OfferAdvice:
        """The shopper said yes to seeing what they had refused."""
        reader, _ = self._reading.words()
        self._offers.forgive(_asking(talk, listener))
        return self._found(replace(talk, asks=False), Wanted(), OfferMoves(), listener, reader)

    def _on_refusal(
        self, moves: OfferMoves, wanted: Wanted, named: str | None, talk: OfferTalk, listener: Listener
    ) -> OfferAdvice:
        skus = self._meant_by_no(moves, wanted, named, talk, listener)
        if not skus and moves.refuses == "those":
            return OfferAdvice("nothing", talk)
        if not skus and (wanted.categories or wanted.excluded_categories):
            return OfferAdvice("which", talk)
        if not skus:
            self._offers.refuse(_asking(OfferTalk(), listener), None)
            return OfferAdvice("stopped", OfferTalk(offered=talk.offered))
        advice = self._refuse(skus, talk, listener)
        if not moves.others:
            return advice
        reader, _ = self._reading.words()
        more = self._found(advice.talk, Wanted(), moves, listener, reader)
        return replace(more, kind="refused", about=advice.about) if more.offers else advice

    def _meant_by_no(
        self, moves: OfferMoves, wanted: Wanted, named: str | None, talk: OfferTalk, listener: Listener
    ) -> tuple[str, ...]:
        """The products that are refused, of those on the screen unless one is named."""
        shown = talk.shown if listener.is_answer else ()
        if named is not None:
            return (named,)
        if moves.place is not None:
            return shown[moves.place :][:1] if -len(shown) <= moves.place < len(shown) else ()
        kinds = {*wanted.categories, *wanted.excluded_categories}
        if kinds:
            return tuple(product.sku for product in self._known(shown) if product.category in kinds)
        if moves.refuses == "all":
            on_page = listener.around.on_page
            return (on_page,) if moves.points and on_page is not None else ()
        return shown

    def _refuse(self, skus: tuple[str, ...], talk: OfferTalk, listener: Listener) -> OfferAdvice:
        for sku in skus:
            self._offers.refuse(_asking(OfferTalk(), listener), sku)
        left = tuple(sku for sku in talk.shown if sku not in skus)
        return self._refused(tuple(self._known(skus)), replace(talk, shown=left, asks=False))

    def _refused(self, products: tuple[Product, ...], talk: OfferTalk) -> OfferAdvice:
        return OfferAdvice("refused" if products else "which", talk, about=products)

    def _asked(
        self, moves: OfferMoves, wanted: Wanted, named: str | None, talk: OfferTalk, around: Surroundings
    ) -> OfferTalk:
        """What is asked for; `offered` is kept only where others than those are asked for."""
        meant = named if named is not None else _pointed_at(moves, talk, around)
        if moves.similar:
            alike = self._known(talk.shown if meant is None else (meant,))
            return OfferTalk(
                talk.shown, talk.offered, categories=tuple(dict.fromkeys(p.category for p in alike))
            )
        says_more = meant is not None or wanted.categories != () or wanted.has_price or moves.needs_code
        if moves.others and not says_more:
            return OfferTalk(talk.shown, talk.offered) if talk.is_only_sku else replace(talk, asks=False)
        return OfferTalk(
            talk.shown,
            talk.offered if moves.others else (),
            sku=meant if says_more else around.on_page,
            categories=wanted.categories,
            highest_cents=wanted.highest_cents,
            text=wanted.topic,
            is_only_sku=meant is not None,
            needs_code=moves.needs_code,
        )

    def _found(
        self, asked: OfferTalk, wanted: Wanted, moves: OfferMoves, listener: Listener, reader: WishReader
    ) -> OfferAdvice:
        about = tuple(self._known((asked.sku,) if asked.is_only_sku and asked.sku is not None else ()))
        wants_others = moves.others or moves.similar
        if wanted.is_for_another:
            listener = replace(listener, around=replace(listener.around, shopper=None))
        asking = replace(
            _asking(asked, listener), left_out=_left_out(wanted, asked if wants_others else None, reader)
        )
        standing = self._offers.standing(asking)
        if wants_others and standing != "open":
            standing = self._offers.standing(replace(asking, left_out=frozenset()))
            if standing == "open":
                return OfferAdvice("no_more", replace(asked, offered=()), (), about, reader.currency)
        tried = asking if standing == "open" else self._looser(asking) if standing == "none" else None
        if tried is None or self._offers.standing(tried) == "refused":
            asks = (
                replace(asked, shown=(), asks=True)
                if tried is None
                else OfferTalk(offered=asked.offered, asks=True)
            )
            return OfferAdvice("was_refused", asks, (), about if tried is None else (), reader.currency)
        offers = self._told(tried)
        if not offers:
            nothing: Kind = "no_more" if wants_others and asked.offered else "none"
            return OfferAdvice(nothing, replace(asked, shown=(), offered=()), (), about, reader.currency)
        kind: Kind = "found" if tried == asking else "instead"
        talk = asked.showing(tuple(offer.promotion.product.sku for offer in offers))
        return OfferAdvice(kind, talk, offers, about, reader.currency)

    def _looser(self, asking: Asking) -> Asking:
        """The nearest to what was asked for of which there is something; else anything at all."""
        without_code = replace(asking, needs_code=False)
        if asking.needs_code and self._offers.standing(without_code) == "open":
            return without_code
        return Asking(asking.customer_id, asking.conversation_id, asking.shopper, left_out=asking.left_out)

    def _told(self, asking: Asking) -> tuple[ShownOffer, ...]:
        shown = []
        for promotion in self._offers.answer(asking).promotions:
            bundle = promotion.offer.bundle_sku
            shown.append(ShownOffer(promotion, None if bundle is None else self._catalogue.product(bundle)))
        return tuple(shown)

    def _called(self, name: str, talk: OfferTalk) -> str | None:
        """The product of exactly this name, one that was shown before any other; None if there is none."""
        products = (*self._known(talk.shown), *self._known(talk.offered), *self._catalogue.products())
        return next((p.sku for p in products if p.name.casefold() == name.casefold()), None)

    def _known(self, skus: Iterable[str]) -> Iterator[Product]:
        for sku in skus:
            product = self._catalogue.product(sku)
            if product is not None:
                yield product


def _asking(talk: OfferTalk, listener: Listener) -> Asking:
    return Asking(
        listener.customer_id,
        listener.conversation_id,
        listener.around.shopper,
        sku=talk.sku,
        categories=talk.categories,
        highest_cents=talk.highest_cents,
        text=talk.text,
        is_only_sku=talk.is_only_sku,
        needs_code=talk.needs_code,
    )


def _pointed_at(moves: OfferMoves, talk: OfferTalk, around: Surroundings) -> str | None:
    """The product that "this" or "the second one" is, if that can be told."""
    if moves.place is not None:
        return talk.shown[moves.place] if -len(talk.shown) <= moves.place < len(talk.shown) else None
    if not moves.points:
        return None
    if around.on_page is not None:
        return around.on_page
    if around.talked_about is not None:
        return around.talked_about
    return talk.shown[0] if len(talk.shown) == 1 else None


def _left_out(wanted: Wanted, seen: OfferTalk | None, reader: WishReader) -> frozenset[str]:
    """What was excluded, costs too little, or, where others are asked for, was shown."""
    lowest = wanted.lowest_cents
    outside: Sequence[str] = [
        product.sku
        for product in reader.products.values()
        if product.category in wanted.excluded_categories
        or (lowest is not None and product.price_cents < lowest)
    ]
    shown = () if seen is None else seen.offered
    return frozenset((*outside, *shown)) | wanted.excluded_skus
