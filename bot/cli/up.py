"""How does the whole shop assistant start? ``storekeep up``: prepare, start three processes, watch them, stop
them."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from time import monotonic

import click

from bot.cli.failures import settings_or_exit, told
from bot.database.connection import DatabaseUnavailable
from bot.preparation import prepare
from bot.rasa_model import RasaMissing, RasaTrainingFailed
from bot.rasa_process import rasa_program_to_run, storekeep_program
from bot.settings import Settings
from bot.supervisor import CannotStart, PortBusy, Supervisor, check_port, say_on_stdout
from knowledge_base.encoder import ModelMissing
from knowledge_base.search_index import IndexMissing
from knowledge_base.shop_pages import BrokenPage

_READY_SECONDS = 180.0


@click.command(help="Start and supervise web, Rasa and action server; Ctrl-C stops them.")
def command() -> None:
    settings = settings_or_exit()
    project_dir = Path.cwd()
    with told(
        bad_input=(BrokenPage, IndexMissing, DatabaseUnavailable),
        failed=(PortBusy, CannotStart, RasaMissing, RasaTrainingFailed, ModelMissing),
    ):
        for host, port, setting in (
            (settings.web_host, settings.web_port, "STOREKEEP_WEB_PORT"),
            ("127.0.0.1", settings.rasa_port, "STOREKEEP_RASA_PORT"),
            ("127.0.0.1", settings.actions_port, "STOREKEEP_ACTIONS_PORT"),
        ):
            check_port(host, port, setting)
        model = prepare(settings, project_dir, lambda line: say_on_stdout("up", line))
        asyncio.run(_supervise(settings, project_dir, model))


async def _supervise(settings: Settings, project_dir: Path, model: Path) -> None:
    programs = (
        storekeep_program("actions"),
        rasa_program_to_run(settings, project_dir, model),
        storekeep_program("web"),
    )
    supervisor = Supervisor(programs, say_on_stdout)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, supervisor.stop)
    watcher = asyncio.create_task(_announce(settings, supervisor))
    try:
        await supervisor.run()
    finally:
        watcher.cancel()
        say_on_stdout("up", "stopped")


async def _announce(settings: Settings, supervisor: Supervisor) -> None:
    """Says the address once every part is ready; after three minutes it says so once, and waits on."""
    import aiohttp

    address = f"http://{settings.web_host}:{settings.web_port}"
    started = monotonic()
    is_late = False
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as session:
        while True:
            try:
                async with session.get(f"{address}/health") as response:
                    if response.status == 200:
                        supervisor.mark_ready()
                        say_on_stdout("up", f"ready after {monotonic() - started:.0f} s: open {address}")
                        if settings.demo:
                            say_on_stdout("up", "storekeep agent-link prints a link to /agent, for the staff")
                        return
            except (aiohttp.ClientError, TimeoutError):
                pass
            if not is_late and monotonic() - started > _READY_SECONDS:
                is_late = True
                said = f"not all parts are ready after {_READY_SECONDS:.0f} s; {address}/health says which"
                say_on_stdout("up", said)
            await asyncio.sleep(5.0 if is_late else 0.5)
