"""How does Rasa get its sentence encoder? ``storekeep export-encoder`` writes it to the data directory."""

from __future__ import annotations

import click

from bot.cli.failures import settings_or_exit, told
from bot.encoder_export import MissingEncoder, export_encoder, packaged_encoder_dir


@click.command(help="Write the sentence encoder for Rasa as ONNX, unless it is up to date.")
def command() -> None:
    settings = settings_or_exit()
    target = settings.data_dir / "models" / "minilm"
    with told(failed=(MissingEncoder,)):
        written = export_encoder(packaged_encoder_dir(), target)
    click.echo(f"{'wrote' if written else 'up to date:'} {target}")
