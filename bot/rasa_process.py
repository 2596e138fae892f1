"""With which command lines do our processes start, Rasa's among them?"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from bot.rasa_model import rasa_program, rasa_variables
from bot.settings import Settings
from bot.supervisor import Program

RASA_NOISE = re.compile(r"\.py:\d+: \w*Warning: |^  (?!File )\S|^Implementing implicit namespace packages")
"""Warnings of the old libraries that Rasa is pinned to, with their source line; nobody can act on them."""


def storekeep_program(name: str) -> Program:
    """``storekeep <name>`` under this same Python."""
    command = (sys.executable, "-m", "bot.cli", name)
    return Program(name, command, {**os.environ, "PYTHONUNBUFFERED": "1"})


def write_endpoints(settings: Settings, project_dir: Path) -> Path:
    """endpoints.yml with the ports and the secret of the settings, for Rasa's processes; readable by the
    owner only."""
    import yaml

    endpoints = yaml.safe_load((project_dir / "endpoints.yml").read_text(encoding="utf-8"))
    action = endpoints["action_endpoint"]
    action["url"] = f"http://127.0.0.1:{settings.actions_port}/webhook"
    if settings.actions_secret is not None:
        action["token"] = settings.actions_secret.get_secret_value()
    path = settings.data_dir / "rasa" / "endpoints.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        yaml.safe_dump(endpoints, file)
    return path.absolute()


def rasa_program_to_run(settings: Settings, project_dir: Path, model: Path) -> Program:
    """The Rasa server on loopback with its REST channel."""
    command = (
        *rasa_command(settings, "run", model, write_endpoints(settings, project_dir)),
        *("--interface", "127.0.0.1", "--port", str(settings.rasa_port)),
        *("--credentials", str((project_dir / "credentials.yml").absolute())),
    )
    return Program("rasa", command, rasa_variables(settings.data_dir), RASA_NOISE)


def rasa_command(settings: Settings, verb: str, model: Path, endpoints: Path) -> tuple[str, ...]:
    """``rasa run`` or ``rasa shell`` with our model and endpoints."""
    program = str(rasa_program(settings.rasa_environment))
    return (program, verb, "--model", str(model.absolute()), "--endpoints", str(endpoints))
