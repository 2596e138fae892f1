"""How do the real parts fit together? The only place that puts them together; tests put together fakes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.catalogue import Catalogue
from bot.conversations import Conversations
from bot.customers import Customers
from bot.database.connection import Database
from bot.model_versions import ModelVersions
from bot.orders import Orders
from bot.recommendations.popular_now import demand_now
from bot.recommendations.recommender import Recommender, ShopperSources
from bot.recommendations.recommender_training import Report, TrainingPlan
from bot.recommendations.shelf_keeper import ShelfKeeper
from bot.recommendations.shop_training import TrainingSummary, train_on_shop
from bot.settings import Settings
from bot.shoppers.browsers import Browsers
from bot.shoppers.chat_events import ChatEvents
from bot.shoppers.consent import Consents
from bot.shoppers.events import Events
from bot.shoppers.product_places import FreshPlaces, Vector
from bot.shoppers.profile_folding import Folding
from bot.shoppers.profiles import Profiles
from bot.shoppers.shopper import Shopper
from knowledge_base.answers import Answerer
from knowledge_base.documents import Passage
from knowledge_base.encoder import DEFAULT_ENCODER, MiniLmEncoder, SentenceEncoder
from knowledge_base.product_vectors import (
    ProductVectors,
    open_product_vectors,
    update_product_vectors,
    vectors_are_current,
)
from knowledge_base.products import Product
from knowledge_base.reader.reader import load_reader
from knowledge_base.search_index import IndexSummary, build_index, is_current
from knowledge_base.shop_documents import shop_passages


@dataclass(frozen=True)
class Shop:
    """Everything that the database knows, by subject."""

    database: Database
    catalogue: Catalogue
    customers: Customers
    orders: Orders
    conversations: Conversations
    events: Events
    browsers: Browsers
    consents: Consents
    chat_events: ChatEvents


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def open_shop(settings: Settings, clock: Callable[[], datetime] = now) -> Shop:
    """The shop's services on the database of the settings; brings its tables up to date first."""
    database = Database(settings.database_url)
    database.upgrade()
    return Shop(
        database,
        Catalogue(database),
        Customers(database),
        Orders(database, clock),
        Conversations(database, clock),
        Events(database),
        Browsers(database, clock),
        Consents(database, clock),
        ChatEvents(database, clock),
    )


def index_directory(settings: Settings) -> Path:
    """Where the search index lies."""
    return settings.data_dir / "index"


def open_folding(settings: Settings, catalogue: Catalogue, encoder: SentenceEncoder | None = None) -> Folding:
    """How events become profiles here; without an encoder for reading alone."""
    directory, name = product_vectors_directory(settings), encoder_name(settings)

    def vectors() -> ProductVectors | None:
        found = open_product_vectors(directory)
        return found if found is not None and found.encoder == name else None

    return Folding(FreshPlaces(catalogue, vectors, now), None if encoder is None else encoder.encode, name)


def encoder_name(settings: Settings) -> str:
    """The name of the sentence encoder that this shop uses."""
    return settings.encoder_model if settings.encoder_model is not None else DEFAULT_ENCODER


def segment_versions(settings: Settings) -> ModelVersions:
    """The trained versions of the segments."""
    return ModelVersions(settings.data_dir / "models" / "segments", now)


def recommender_versions(settings: Settings) -> ModelVersions:
    """The trained versions of the recommender."""
    return ModelVersions(settings.data_dir / "models" / "recommender", now)


def product_vectors_directory(settings: Settings) -> Path:
    """Where the vectors of the products' texts lie."""
    return settings.data_dir / "product_vectors"


def open_recommender(
    settings: Settings,
    shop: Shop,
    encoder: SentenceEncoder | None = None,
    clock: Callable[[], datetime] = now,
) -> Recommender:
    """The recommender on the present catalogue, events and model; it opens them at the first call and follows
    their changes. Wishes in words need an encoder.
    """
    keeper = ShelfKeeper(
        shop.catalogue,
        product_vectors_directory(settings),
        recommender_versions(settings),
        lambda at: demand_now(shop.database, at),
        clock,
    )
    profiles = Profiles(shop.database, open_folding(settings, shop.catalogue))

    def meaning(shopper: Shopper) -> Vector | None:
        profile = profiles.of(shopper)
        return None if profile is None else profile.embedding

    sources = ShopperSources(
        shop.events, shop.orders.skus_bought, meaning, None if encoder is None else encoder.encode
    )
    return Recommender(keeper, sources)


def train_recommender(
    settings: Settings,
    plan: TrainingPlan,
    report: Report = lambda progress: None,
    say: Callable[[str], None] = lambda line: None,
) -> TrainingSummary:
    """Trains a new version on the events of the shop; it is used if it is better than the running one.

    Raises TooFewShoppers, ModelMissing, ModelUnreadable.
    """
    shop = open_shop(settings)
    try:
        products = shop.catalogue.products()
        texts = _current_vectors(settings, products)
        events = shop.events.events()
        return train_on_shop(events, products, texts, recommender_versions(settings), plan, report, say)
    finally:
        shop.database.close()


def load_answerer(settings: Settings, encoder: MiniLmEncoder | None = None) -> Answerer:
    """Loads reader and index, and the encoder if none is given. Raises ModelMissing or IndexMissing."""
    return Answerer(
        index_directory(settings),
        encoder if encoder is not None else MiniLmEncoder(settings.encoder_model),
        load_reader(settings.reader_model, settings.reader_precision),
        settings.answer_threshold,
    )


def rebuild_index(settings: Settings, progress: Callable[[int], None] | None = None) -> IndexSummary:
    """Brings search index and product vectors up to what database and knowledge directory hold now.

    Raises ModelMissing or BrokenPage.
    """
    encoder = MiniLmEncoder(settings.encoder_model)
    update_product_vectors(product_vectors_directory(settings), _products(settings), encoder)
    return build_index(index_directory(settings), _passages(settings), encoder, progress)


def index_is_current(settings: Settings) -> bool:
    """Do index and product vectors hold what database and knowledge directory hold now? Raises BrokenPage."""
    name = encoder_name(settings)
    return vectors_are_current(product_vectors_directory(settings), _products(settings), name) and is_current(
        index_directory(settings), _passages(settings), name
    )


def _current_vectors(settings: Settings, products: Sequence[Product]) -> ProductVectors:
    """The vectors of these products; loads the encoder only if some are missing. Raises ModelMissing."""
    directory = product_vectors_directory(settings)
    present = open_product_vectors(directory)
    if present is not None and vectors_are_current(directory, products, encoder_name(settings)):
        return present
    return update_product_vectors(directory, products, MiniLmEncoder(settings.encoder_model))


def _products(settings: Settings) -> tuple[Product, ...]:
    shop = open_shop(settings)
    try:
        return shop.catalogue.products()
    finally:
        shop.database.close()


def _passages(settings: Settings) -> list[Passage]:
    shop = open_shop(settings)
    try:
        return shop_passages(shop.catalogue.products(), shop.catalogue.reviews(), settings.knowledge_dir)
    finally:
        shop.database.close()
