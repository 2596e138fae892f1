"""Which commands are there? Each is one module of this folder, imported only when it is called."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.metadata import version

import click

COMMANDS = {
    "up": "bot.cli.up",
    "web": "bot.cli.web",
    "actions": "bot.cli.actions",
    "shell": "bot.cli.shell",
    "demo": "bot.cli.demo",
    "import": "bot.cli.imports",
    "index": "bot.cli.index",
    "ask": "bot.cli.ask",
    "recommend": "bot.cli.recommend_products",
    "promote": "bot.cli.promote",
    "train": "bot.cli.train",
    "evaluate": "bot.cli.evaluate",
    "models": "bot.cli.models",
    "profile": "bot.cli.profile",
    "segments": "bot.cli.segment_list",
    "agent-link": "bot.cli.agent_link",
    "export-encoder": "bot.cli.export_encoder",
}


class StorekeepGroup(click.Group):
    """Finds a command's module by its name; keeps the order above in the help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name]).command
        if not isinstance(command, click.Command):
            raise TypeError(f"{COMMANDS[cmd_name]}.command is no click command")
        return command


@click.group(
    cls=StorekeepGroup,
    help="Storekeep: customer service and marketing for an online shop, on the shop's own machine.",
)
@click.version_option(version("storekeep"), prog_name="storekeep")
def main() -> None:
    """The settings are environment variables that start with STOREKEEP_; see the README."""
    # A model's threads that wait should sleep: by default they spin, and where web, Rasa and models share two
    # cores, one sentence then takes five times as long to embed. Read when torch is imported, which is later.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
