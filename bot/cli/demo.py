"""How does the sample shop come into the database?"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime

import click

from bot.assembly import now, open_shop
from bot.cli.failures import settings_or_exit, told
from bot.database.connection import DatabaseUnavailable
from bot.demo import DEFAULT_SEED, ForeignData, MissingSample, create_demo
from knowledge_base.row_files import BrokenRows


@click.command(
    help="Put the sample shop with its offers, customers, orders and events into the database, or put it "
    "there anew."
)
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="The day of the demo's latest order, in UTC; now if not given.",
)
@click.option(
    "--seed", type=int, default=DEFAULT_SEED, show_default=True, help="Another number, other shoppers."
)
@click.option("--force", is_flag=True, help="Go on although the database holds what is not the demo's.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(today: datetime | None, seed: int, force: bool, as_json: bool) -> None:
    settings = settings_or_exit()
    at = now() if today is None else today.replace(tzinfo=UTC)
    with (
        told(bad_input=(ForeignData, MissingSample, BrokenRows), failed=(DatabaseUnavailable,)),
        closing(open_shop(settings).database) as database,
    ):
        summary = create_demo(database, settings.knowledge_dir, at, seed, force)
    if as_json:
        click.echo(json.dumps(asdict(summary)))
        return
    click.echo(", ".join(f"{number} {what}" for what, number in asdict(summary).items()))
    click.echo("Try it as Anna Keller, anna.keller@mail.example, whose order LK-100001 has been shipped.")
