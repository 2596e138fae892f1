"""How do the parts of the web process fit together?"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

from aiohttp import web

from bot.assembly import Shop
from bot.promotions.marketing_consent import MarketingConsents
from bot.promotions.unsubscribe import PATH as UNSUBSCRIBE_PATH
from bot.promotions.unsubscribe import unsubscribing_of
from bot.recommendations.recommendation import Recommends
from bot.settings import Settings, kept_token_secret
from bot.shoppers.event_intake import EventIntake
from bot.web import shop_front
from bot.web.agent.agent_routes import add_agent
from bot.web.agent.promotions_api import PromotesProducts
from bot.web.audience import Audience
from bot.web.bodies import MOST_BYTES
from bot.web.chat import Chat
from bot.web.chat_socket import ChatSocket
from bot.web.errors import errors_as_json
from bot.web.event_collector import EventCollector
from bot.web.event_keys import event_keys
from bot.web.event_writer import EventWriter
from bot.web.health import Health, database_probe, http_probe
from bot.web.lazy_recommender import LazyRecommender
from bot.web.metrics import Metrics, MetricsPage
from bot.web.openapi import get_document
from bot.web.origins import Origins
from bot.web.rasa_client import RasaClient
from bot.web.rate_limit import RateLimit
from bot.web.recommendation_api import RecommendationApi, RecommenderNotReady, ShopKnowledge
from bot.web.sessions import Sessions
from bot.web.tokens import CustomerTokens, SessionTokens, customer_key
from bot.web.turns import Turns
from bot.web.unsubscribe_page import UnsubscribePage
from knowledge_base.shop_details import read_shop_details

# On SQLite writers stand in line anyway, and several of our own threads would only wait for each other.
DATABASE_THREADS = {"sqlite": 1, "postgresql": 8}
RECOMMENDATION_THREADS = 2
DRAIN_SECONDS = 5.0

Clock = Callable[[], datetime]


def make_application(
    shop: Shop,
    rasa: RasaClient,
    settings: Settings,
    clock: Clock,
    load_recommender: Callable[[], Recommends] | None = None,
    desk: PromotesProducts | None = None,
) -> web.Application:
    """The whole public application: chat, shop front, recommendations, events, widget, the staff's pages,
    health and metrics.

    `load_recommender` is called at the first request for recommendations; None answers all of them with 503.
    `desk` writes and checks promotions; without it they can only be rejected. Raises BrokenShopDetails.
    """
    origins = Origins(settings.widget_origins)
    app = web.Application(middlewares=[errors_as_json, origins.guard], client_max_size=MOST_BYTES)
    app.on_response_prepare.append(origins.sign)
    metrics = Metrics()
    _add_chat(app, shop, rasa, settings, clock, metrics)
    _add_events(app, shop, settings, clock, metrics)
    _add_recommendations(app, shop, settings, clock, metrics, load_recommender or _no_recommender)
    _add_monitoring(app, shop, settings, metrics)
    app.router.add_get("/api/openapi.json", get_document)
    shop_front.add_routes(app, shop, settings)
    add_agent(app, shop, settings, clock, partial(_limit, metrics=metrics), desk)
    _add_unsubscribing(app, shop, settings, clock, metrics)
    return app


def _add_chat(
    app: web.Application, shop: Shop, rasa: RasaClient, settings: Settings, clock: Clock, metrics: Metrics
) -> None:
    workers = ThreadPoolExecutor(DATABASE_THREADS[shop.database.kind], "database")
    tokens = SessionTokens(
        kept_token_secret(settings).get_secret_value(), timedelta(hours=settings.session_hours), clock
    )
    key = customer_key(settings)
    customer_tokens = None if key is None else CustomerTokens(key, clock)
    messages_limit = _limit("messages", settings.message_burst, settings.message_seconds_each, metrics)
    history_limit = _limit("history", settings.message_burst, settings.message_seconds_each, metrics)
    sessions_limit = _limit("sessions", settings.session_burst, settings.session_seconds_each, metrics)
    audience = Audience()
    turns = Turns(shop.conversations, rasa, audience, metrics, workers, shop.chat_events.message_sent)
    sessions = Sessions(
        shop.conversations, shop.browsers, tokens, customer_tokens, sessions_limit, metrics, workers
    )
    chat = Chat(shop.conversations, turns, tokens, messages_limit, history_limit, workers)
    socket = ChatSocket(turns, audience, tokens, messages_limit, metrics, clock)

    app.router.add_post("/api/chat/sessions", sessions.post)
    app.router.add_post("/api/chat/messages", chat.post)
    app.router.add_get("/api/chat/messages", chat.get, allow_head=False)
    app.router.add_get("/api/chat/socket", socket.get, allow_head=False)

    async def finish_turns(_app: web.Application) -> None:
        await turns.drain(DRAIN_SECONDS)
        await socket.close()

    async def rasa_and_workers(_app: web.Application) -> AsyncIterator[None]:
        yield
        await rasa.close()
        workers.shutdown(wait=False, cancel_futures=True)

    app.on_shutdown.append(finish_turns)
    app.cleanup_ctx.append(rasa_and_workers)


def _add_events(app: web.Application, shop: Shop, settings: Settings, clock: Clock, metrics: Metrics) -> None:
    key = customer_key(settings)
    writer = EventWriter(EventIntake(shop.database, clock), metrics)
    limit = _limit("events", settings.events_burst, settings.events_seconds_each, metrics)
    customer_tokens = None if key is None else CustomerTokens(key, clock)
    collector = EventCollector(writer, event_keys(settings), customer_tokens, limit, metrics, clock)
    app.router.add_post("/api/events", collector.post)

    async def finish_writing(_app: web.Application) -> None:
        await writer.close()

    app.on_cleanup.append(finish_writing)


def _add_recommendations(
    app: web.Application,
    shop: Shop,
    settings: Settings,
    clock: Clock,
    metrics: Metrics,
    load: Callable[[], Recommends],
) -> None:
    workers = ThreadPoolExecutor(RECOMMENDATION_THREADS, "recommendations")
    key = customer_key(settings)
    api = RecommendationApi(
        LazyRecommender(load, workers),
        ShopKnowledge(shop.catalogue, shop.events, shop.consents),
        None if key is None else CustomerTokens(key, clock),
        _limit(
            "recommendations", settings.recommendations_burst, settings.recommendations_seconds_each, metrics
        ),
        workers,
    )
    app.router.add_get("/api/recommendations", api.get, allow_head=False)

    async def stop_workers(_app: web.Application) -> None:
        workers.shutdown(wait=False, cancel_futures=True)

    app.on_cleanup.append(stop_workers)


def _add_unsubscribing(
    app: web.Application, shop: Shop, settings: Settings, clock: Clock, metrics: Metrics
) -> None:
    page = UnsubscribePage(
        partial(unsubscribing_of, settings),
        shop.customers,
        MarketingConsents(shop.database, clock),
        read_shop_details(settings.knowledge_dir),
        # Mail services send the one-click requests of many readers from few addresses.
        _limit("unsubscribe", 300, 0.1, metrics),
    )
    app.router.add_get(UNSUBSCRIBE_PATH, page.get)
    app.router.add_post(UNSUBSCRIBE_PATH, page.post)


def _no_recommender() -> Recommends:
    raise RecommenderNotReady("this process was started without a recommender")


def _limit(name: str, burst: int, seconds_each: float, metrics: Metrics) -> RateLimit:
    return RateLimit(burst, seconds_each, time.monotonic, metrics.rate_limited.labels(name).inc)


def _add_monitoring(app: web.Application, shop: Shop, settings: Settings, metrics: Metrics) -> None:
    worker = ThreadPoolExecutor(1, "health")
    health = Health(
        {
            "database": database_probe(shop.database, worker),
            "rasa": http_probe(f"http://127.0.0.1:{settings.rasa_port}/"),
            "actions": http_probe(f"http://127.0.0.1:{settings.actions_port}/health"),
        }
    )
    key = settings.metrics_key
    page = MetricsPage(metrics, None if key is None else key.get_secret_value())
    app.router.add_get("/health", health.get)
    app.router.add_get("/metrics", page.get)

    async def stop_probes(_app: web.Application) -> None:
        await health.close()
        worker.shutdown(wait=False, cancel_futures=True)

    app.on_cleanup.append(stop_probes)
