"""How does the search learn of what changed in catalogue, reviews and pages? ``storekeep index``."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from bot.assembly import rebuild_index
from bot.cli.failures import settings_or_exit, told
from knowledge_base.encoder import ModelMissing
from knowledge_base.shop_pages import BrokenPage


@click.command(help="Rebuild the search index; only passages that changed are embedded again.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(as_json: bool) -> None:
    from tqdm import tqdm

    settings = settings_or_exit()
    with told(bad_input=(BrokenPage,), failed=(ModelMissing,)), tqdm(unit="passage", leave=False) as bar:

        def advance(passages: int) -> None:
            bar.update(passages)

        summary = rebuild_index(settings, advance)
    if as_json:
        click.echo(json.dumps(asdict(summary)))
    else:
        click.echo(f"{summary.passages} passages: {summary.embedded} embedded, {summary.reused} unchanged")
