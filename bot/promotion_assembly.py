"""How do the parts that write promotions fit together?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.assembly import Shop, now, open_folding, segment_versions
from bot.promotions.audiences import Audiences
from bot.promotions.desk import PromotionDesk
from bot.promotions.facts_source import FactsSource
from bot.promotions.layout import Footers
from bot.promotions.offers import Offers
from bot.promotions.promoter import Promoter
from bot.promotions.promotion_record import PromotionRecord
from bot.promotions.unsubscribe import PATH, unsubscribe_url
from bot.promotions.writer import Writes
from bot.settings import Settings
from bot.shoppers.product_places import Vector
from bot.shoppers.profiles import Profiles
from bot.shoppers.segments import SegmentModel, load_segments
from bot.shoppers.shopper import Shopper
from knowledge_base.encoder import SentenceEncoder
from knowledge_base.shop_details import read_shop_details


def open_promotion_desk(
    settings: Settings,
    shop: Shop,
    writer: Writes,
    encoder: SentenceEncoder | None = None,
    clock: Callable[[], datetime] = now,
) -> PromotionDesk:
    """The desk on the present catalogue, offers and profiles. Without an encoder texts are not ranked by how
    they fit a shopper. Raises BrokenShopDetails.
    """
    profiles = Profiles(shop.database, open_folding(settings, shop.catalogue))
    details = read_shop_details(settings.knowledge_dir)

    def vector_of(shopper: Shopper) -> Vector | None:
        profile = profiles.of(shopper)
        return None if profile is None else profile.embedding

    return PromotionDesk(
        source=FactsSource(shop.catalogue, shop.customers, shop.events, shop.consents, details, clock),
        offers=Offers(shop.database, clock),
        audiences=Audiences(shop.database, SegmentNames(settings, profiles, clock)),
        record=PromotionRecord(shop.database, clock),
        promoter=Promoter(writer, Footers(settings.public_url + PATH), _embed(encoder)),
        vector_of=vector_of,
        unsubscribe_url=lambda customer_id: unsubscribe_url(settings, customer_id, "email"),
    )


class SegmentNames:
    """Tells a customer's segment by the model in use; None without a model, and for who did not agree."""

    def __init__(self, settings: Settings, profiles: Profiles, clock: Callable[[], datetime]) -> None:
        self._versions = segment_versions(settings)
        self._profiles = profiles
        self._clock = clock
        self._opened: tuple[str, SegmentModel] | None = None

    def __call__(self, customer_id: str) -> str | None:
        directory = self._versions.current()
        profile = None if directory is None else self._profiles.of(Shopper(customer_id=customer_id))
        if directory is None or profile is None:
            return None
        if self._opened is None or self._opened[0] != directory.name:
            self._opened = (directory.name, load_segments(directory))
        return self._opened[1].membership(profile, self._clock()).segment.name


def _embed(encoder: SentenceEncoder | None) -> Callable[..., Vector] | None:
    return None if encoder is None else lambda texts: encoder.encode(texts)
