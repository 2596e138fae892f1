"""Where do the pages and addresses for the shop's own people lie in the web process?"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from aiohttp import web

from bot.assembly import Shop
from bot.promotions.promotion_lists import PromotionLists
from bot.promotions.promotion_record import PromotionRecord
from bot.settings import Settings, kept_token_secret
from bot.staff.sign_in_links import SignInLinks
from bot.staff.staff_sessions import StaffSessions
from bot.web.agent.agent_page import AgentPages
from bot.web.agent.promotions_api import PromotesProducts, PromotionsApi, PromotionWork
from bot.web.agent.staff_door import StaffDoor
from bot.web.rate_limit import RateLimit
from knowledge_base.shop_details import read_shop_details

MakeLimit = Callable[[str, int, float], RateLimit]
"""Makes a limit from its name, how many may come at once, and the seconds of one more."""

THREADS = 2


def add_agent(
    app: web.Application,
    shop: Shop,
    settings: Settings,
    clock: Callable[[], datetime],
    limit: MakeLimit,
    desk: PromotesProducts | None,
) -> None:
    """Add ``/agent`` and what it calls. Without a desk texts are neither written nor checked, so that they
    can only be rejected. Raises BrokenShopDetails.
    """
    key = kept_token_secret(settings).get_secret_value()
    workers = ThreadPoolExecutor(THREADS, "agent")
    writers = ThreadPoolExecutor(1, "promotions")
    door = StaffDoor(
        SignInLinks(key, shop.database, clock),
        StaffSessions(key, clock),
        limit("agent_sign_in", 10, 6.0),
        settings.public_url,
    )
    pages = AgentPages(
        PromotionLists(shop.database),
        shop.catalogue,
        door,
        read_shop_details(settings.knowledge_dir),
        None if desk is None else desk.facts_of,
        workers,
    )
    api = PromotionsApi(
        PromotionWork(PromotionRecord(shop.database, clock), desk),
        door,
        limit("agent_decisions", 60, 0.5),
        limit("agent_writing", 10, 5.0),
        workers,
        writers,
    )
    app.router.add_get("/agent", pages.page)
    app.router.add_get("/agent/sign-in", pages.sign_in)
    app.router.add_post("/agent/api/sign-in", door.sign_in)
    app.router.add_post("/agent/api/sign-out", door.sign_out)
    app.router.add_post("/agent/api/promotions", api.write)
    app.router.add_post(r"/agent/api/promotions/{id:\d{1,9}}/decision", api.decide)

    async def stop_workers(_app: web.Application) -> None:
        workers.shutdown(wait=False, cancel_futures=True)
        writers.shutdown(wait=False, cancel_futures=True)

    app.on_cleanup.append(stop_workers)
