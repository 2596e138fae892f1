"""How does the web process start on its own? ``storekeep web``."""

from __future__ import annotations

import asyncio
import logging

import click

from bot.assembly import now, open_recommender, open_shop
from bot.cli.failures import settings_or_exit, told
from bot.database.connection import DatabaseUnavailable
from bot.promotion_assembly import open_promotion_desk
from bot.promotions.shared_writer import SharedWriter
from bot.settings import InvalidSetting
from bot.web.application import make_application
from bot.web.rasa_client import RasaClient
from bot.web.serving import PortTaken, serve
from knowledge_base.shop_details import BrokenShopDetails


@click.command(help="Serve the chat, the shop front, the widget and /health until Ctrl-C.")
def command() -> None:
    settings = settings_or_exit()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with told(bad_input=(DatabaseUnavailable, InvalidSetting, BrokenShopDetails), failed=(PortTaken,)):
        shop = open_shop(settings)
        rasa = RasaClient(settings.rasa_port, settings.reply_timeout_seconds)
        # Without the encoder: this process reads no wishes in words, and stays light.
        desk = open_promotion_desk(settings, shop, SharedWriter(settings.writer_model))
        app = make_application(shop, rasa, settings, now, lambda: open_recommender(settings, shop), desk)
        asyncio.run(serve(app, settings.web_host, settings.web_port))
