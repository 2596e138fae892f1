"""Do our processes start with the ports and the secret of the settings, and on loopback?"""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr

from bot.rasa_model import RasaMissing
from bot.rasa_process import rasa_program_to_run, storekeep_program, write_endpoints
from bot.settings import Settings

ENDPOINTS = "action_endpoint:\n  url: http://127.0.0.1:5055/webhook\ntracker_store:\n  type: ours\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "endpoints.yml").write_text(ENDPOINTS)
    (tmp_path / "environment/bin").mkdir(parents=True)
    (tmp_path / "environment/bin/rasa").touch()
    return tmp_path


def settings(project: Path, secret: str | None = None) -> Settings:
    return Settings(
        data_dir=project / "data",
        rasa_environment=project / "environment",
        rasa_port=7005,
        actions_port=7055,
        actions_secret=None if secret is None else SecretStr(secret),
    )


def test_the_endpoints_carry_port_and_secret_and_what_else_stood_there(project: Path) -> None:
    path = write_endpoints(settings(project, "a-long-secret"), project)
    assert yaml.safe_load(path.read_text()) == {
        "action_endpoint": {"url": "http://127.0.0.1:7055/webhook", "token": "a-long-secret"},
        "tracker_store": {"type": "ours"},
    }


def test_the_secret_is_for_the_owner_only_also_where_a_file_was_before(project: Path) -> None:
    path = project / "data/rasa/endpoints.yml"
    path.parent.mkdir(parents=True)
    path.touch(mode=0o644)
    assert stat.S_IMODE(write_endpoints(settings(project, "a-long-secret"), project).stat().st_mode) == 0o600


def test_without_a_secret_there_is_no_token(project: Path) -> None:
    endpoints = yaml.safe_load(write_endpoints(settings(project), project).read_text())
    assert endpoints["action_endpoint"] == {"url": "http://127.0.0.1:7055/webhook"}


def test_rasa_listens_on_loopback_and_its_command_line_has_no_secret(project: Path) -> None:
    program = rasa_program_to_run(settings(project, "a-long-secret"), project, project / "m.tar.gz")
    assert program.name == "rasa"
    assert program.command == (
        str(project / "environment/bin/rasa"),
        "run",
        *("--model", str(project / "m.tar.gz")),
        *("--endpoints", str(project / "data/rasa/endpoints.yml")),
        *("--interface", "127.0.0.1", "--port", "7005"),
        *("--credentials", str(project / "credentials.yml")),
    )
    assert "a-long-secret" not in str(program.environment.values())


def test_without_its_environment_rasa_is_missing(project: Path) -> None:
    (project / "environment/bin/rasa").unlink()
    with pytest.raises(RasaMissing, match="run 'make setup'"):
        rasa_program_to_run(settings(project), project, project / "m.tar.gz")


def test_our_own_processes_run_under_this_python() -> None:
    program = storekeep_program("web")
    assert (program.name, program.command) == ("web", (sys.executable, "-m", "bot.cli", "web"))
    assert program.environment["PYTHONUNBUFFERED"] == "1"
