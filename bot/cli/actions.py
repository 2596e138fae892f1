"""How does the action server start? ``storekeep actions``, on loopback."""

from __future__ import annotations

import logging
from collections.abc import Callable

import click

from bot.assembly import Shop, load_answerer, now, open_folding, open_recommender, open_shop
from bot.cli.failures import settings_or_exit, told
from bot.database.connection import DatabaseUnavailable
from bot.promotion_assembly import open_promotion_desk
from bot.promotions.chat_promotions import ChatPromotions
from bot.promotions.frequency import Frequency
from bot.promotions.offers import Offers
from bot.promotions.shared_writer import SharedWriter
from bot.promotions.writer import Writes
from bot.recommendations.recommendation import Recommends
from bot.settings import Settings
from bot.shoppers.profile_keeper import ProfileKeeper
from bot.shoppers.profile_updates import ProfileUpdates
from bot.supervisor import PortBusy, check_port
from knowledge_base.shared_encoder import SharedEncoder
from knowledge_base.shop_details import BrokenShopDetails, read_shop_details

_HOST = "127.0.0.1"
_SECONDS_BEFORE_GATEWAY_GIVES_UP = 0.5


@click.command(help="Run the action server that Rasa calls.")
def command() -> None:
    settings = settings_or_exit()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    with told(bad_input=(DatabaseUnavailable, BrokenShopDetails), failed=(PortBusy,)):
        check_port(_HOST, settings.actions_port, "STOREKEEP_ACTIONS_PORT")
        _serve(settings)


def _serve(settings: Settings) -> None:
    from aiohttp import web

    from actions.loading_answerer import LoadingAnswerer
    from actions.loading_recommender import LoadingRecommender, SkillsReadiness
    from actions.loading_writer import LoadingWriter
    from actions.server import ActionServer
    from actions.skills import make_actions

    details = read_shop_details(settings.knowledge_dir)
    shop = open_shop(settings)
    encoder = SharedEncoder(settings.encoder_model)
    answerer = LoadingAnswerer(lambda: load_answerer(settings, encoder.loaded()))
    recommender = LoadingRecommender(lambda: _load_recommender(settings, shop, encoder))
    writer = LoadingWriter(lambda: _load_writer(settings, answerer.wait_for_end))
    offers = _open_offers(settings, shop, recommender, encoder, writer)
    keeper = ProfileKeeper(lambda: _open_updates(settings, shop, encoder))
    seconds = max(0.5, settings.reply_timeout_seconds - _SECONDS_BEFORE_GATEWAY_GIVES_UP)
    server = ActionServer(
        make_actions(shop, answerer, recommender, offers, details, now),
        SkillsReadiness(answerer, recommender, writer),
        settings.actions_secret,
        seconds,
    )
    answerer.start()
    recommender.start()
    writer.start()
    keeper.start()
    try:
        web.run_app(
            server.application(),
            host=_HOST,
            port=settings.actions_port,
            access_log=None,
            print=lambda line: logging.getLogger(__name__).info(
                "listening on %s:%s", _HOST, settings.actions_port
            ),
        )
    finally:
        keeper.stop()


def _open_updates(settings: Settings, shop: Shop, encoder: SharedEncoder) -> Callable[[], int]:
    """Waits for the encoder: what shoppers write is part of their profiles."""
    folding = open_folding(settings, shop.catalogue, encoder.loaded())
    return ProfileUpdates(shop.database, folding, now).update_all


def _load_recommender(settings: Settings, shop: Shop, encoder: SharedEncoder) -> Recommends:
    """With the encoder, so that wishes in words are understood, and warm: the first wish does not wait."""
    recommender = open_recommender(settings, shop, encoder.loaded())
    try:
        recommender.popular(1)
    except Exception:
        # What is missing now may be there at the next wish; the recommender looks anew at each.
        logging.getLogger(__name__).exception("The recommender has nothing to recommend from yet.")
    return recommender


def _open_offers(
    settings: Settings, shop: Shop, recommender: Recommends, encoder: SharedEncoder, writer: Writes
) -> ChatPromotions:
    """What is refused is kept, and offers are looked up, with and without the writer."""
    desk = open_promotion_desk(settings, shop, writer, encoder)
    return ChatPromotions(desk, Offers(shop.database, now), recommender, Frequency())


def _load_writer(settings: Settings, wait_for_reader: Callable[[], None]) -> SharedWriter:
    """After the reader: two threads that import transformers at the same time find half of it.

    Raises WriterMissing; then the log has it, and the chat says that it cannot look at offers now.
    """
    wait_for_reader()
    writer = SharedWriter(settings.writer_model)
    writer.loaded()
    return writer
