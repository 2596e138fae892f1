"""Does ``storekeep models`` list what there is and bring the last one back?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.models import command
from bot.model_versions import ModelVersions

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two versions of the recommender, the later one in use."""
    monkeypatch.setenv("STOREKEEP_DATA_DIR", str(tmp_path))
    seconds = count()
    versions = ModelVersions(
        tmp_path / "models" / "recommender", lambda: NOON + timedelta(seconds=next(seconds))
    )
    return [versions.publish(versions.new(), {"NDCG@10": figure}) for figure in (0.1, 0.2)]


def in_use(*arguments: str) -> str:
    result = CliRunner().invoke(command, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    listed = json.loads(result.output)["recommender"]
    return str(next(one["version"] for one in listed if one["in_use"]))


def test_the_version_before_comes_back_with_one_command(names: list[str]) -> None:
    assert in_use() == names[1]
    assert in_use("recommender", "--back") == names[0]
    assert in_use("recommender", "--use", names[1]) == names[1]


def test_versions_are_listed_with_their_figures(names: list[str]) -> None:
    output = CliRunner().invoke(command, []).output
    assert f"* {names[1]}  NDCG@10 0.2" in output
    assert "segments: none yet, see 'storekeep train segments'" in output


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["recommender", "--use", "../x"], "There is no version '../x'; there are: "),
        (["--back"], "--back and --use need the kind of model"),
        (["recommender", "--back", "--use", "x"], "both came"),
        (["reader"], "is not one of"),
        (["segments", "--back"], "no earlier version"),
    ],
)
def test_a_wrong_call_says_what_is_allowed(names: list[str], arguments: list[str], problem: str) -> None:
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 2
    assert problem in result.output
