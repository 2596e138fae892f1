"""How do the shop's people come in under /agent? ``storekeep agent-link`` prints a link for one of them."""

from __future__ import annotations

import click

from bot.assembly import now
from bot.cli.failures import settings_or_exit, told
from bot.settings import InvalidSetting, kept_token_secret
from bot.staff.sign_in_links import DEFAULT_NAME, UnusableName, link_token, sign_in_url


@click.command(
    help="Print a link by which one of the shop's people signs in under /agent. It is valid once, for 15 "
    "minutes; whoever has it comes in."
)
@click.option(
    "--name",
    default=DEFAULT_NAME,
    show_default=True,
    metavar="NAME",
    help="Stands beside what this person decides; 1 to 40 characters.",
)
def command(name: str) -> None:
    settings = settings_or_exit()
    with told(bad_input=(UnusableName, InvalidSetting)):
        token = link_token(kept_token_secret(settings).get_secret_value(), name, now())
    click.echo(sign_in_url(settings.public_url, token))
