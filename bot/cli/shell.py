"""How does one talk to the bot in a terminal? ``storekeep shell``: the Rasa shell with its action server."""

from __future__ import annotations

import subprocess
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

import click

from bot.cli.failures import Failed, settings_or_exit, told
from bot.database.connection import DatabaseUnavailable
from bot.preparation import prepare
from bot.rasa_model import RasaMissing, RasaTrainingFailed, rasa_variables
from bot.rasa_process import rasa_command, storekeep_program, write_endpoints
from bot.settings import Settings
from bot.supervisor import PortBusy, check_port
from knowledge_base.encoder import ModelMissing
from knowledge_base.shop_pages import BrokenPage

_READY_SECONDS = 60.0
_STOP_SECONDS = 15.0


@click.command(help="Talk to the bot in this terminal; /stop ends it.")
def command() -> None:
    settings = settings_or_exit()
    project_dir = Path.cwd()
    with told(
        bad_input=(BrokenPage, DatabaseUnavailable),
        failed=(PortBusy, RasaMissing, RasaTrainingFailed, ModelMissing),
    ):
        model = prepare(settings, project_dir, lambda line: click.echo(line, err=True))
        endpoints = write_endpoints(settings, project_dir)
        actions = None if _actions_answer(settings) else _start_actions(settings)
        try:
            shell = rasa_command(settings, "shell", model, endpoints)
            code = subprocess.run(
                shell, cwd=project_dir, env=rasa_variables(settings.data_dir), check=False
            ).returncode
        finally:
            if actions is not None:
                _end(actions)
    if code not in (0, 130):
        raise Failed(f"'rasa shell' ended with exit code {code}; see its messages above")


def _start_actions(settings: Settings) -> subprocess.Popen[bytes]:
    check_port("127.0.0.1", settings.actions_port, "STOREKEEP_ACTIONS_PORT")
    program = storekeep_program("actions")
    log = (settings.data_dir / "shell-actions.log").open("wb")
    process = subprocess.Popen(
        program.command, env=dict(program.environment), stdout=log, stderr=log, stdin=subprocess.DEVNULL
    )
    log.close()
    started = monotonic()
    while monotonic() - started < _READY_SECONDS and process.poll() is None:
        if _actions_answer(settings):
            return process
        sleep(0.3)
    _end(process)
    raise Failed(f"the action server did not start; its log is {settings.data_dir / 'shell-actions.log'}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _actions_answer(settings: Settings) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{settings.actions_port}/health", timeout=2) as response:
            return bool(response.status == 200)
    except (URLError, TimeoutError, ConnectionError):
        return False
