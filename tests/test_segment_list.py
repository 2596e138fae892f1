"""Do ``storekeep train segments`` and ``storekeep segments`` make, list and publish segments?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from segment_commands import fill_shop

from bot.cli.storekeep import main
from bot.database.connection import Database
from bot.settings import Settings

LAMPS = "Lamps lovers who choose the cheaper things"
TENTS = "Tents lovers who choose the dearer things"


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> Iterator[Database]:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"STOREKEEP_{name.upper()}", raising=False)
    monkeypatch.setenv("STOREKEEP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("STOREKEEP_DATABASE_URL", database_url)
    database = Database(database_url)
    fill_shop(database, tmp_path / "data")
    yield database
    database.close()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def trained(shop: Database) -> Result:
    return run("train", "segments", "--k", "2", "--seed", "3")


def test_training_tells_where_the_version_lies(trained: Result, tmp_path: Path) -> None:
    assert trained.exit_code == 0, trained.output
    told = json.loads(trained.stdout)
    assert sorted(told["segments"]) == [LAMPS, TENTS]
    assert (told["number"], told["shoppers"]) == (2, 41)
    assert Path(told["directory"]).parent == tmp_path / "data" / "models" / "segments"
    assert Path(told["picture"]).is_file()
    assert "2 segments: silhouette" in trained.stderr


def test_the_list_has_name_size_share_trend_and_products(trained: Result) -> None:
    listed = json.loads(run("segments", "--json").stdout)
    by_name = {each["name"]: each for each in listed["segments"]}
    assert listed["shoppers"] == 41
    assert (by_name[LAMPS]["size"], by_name[TENTS]["size"]) == (21, 20)
    assert by_name[TENTS]["share"] == pytest.approx(20 / 41, abs=1e-4)
    assert by_name[TENTS]["typical_products"] == [{"sku": "T-1", "name": "Name of T-1"}]
    assert {"share_30_days_ago", "trend"} <= by_name[TENTS].keys()
    words = run("segments").stdout
    assert "41 shoppers in 2 segments" in words
    assert "typical: Name of T-1" in words


def test_published_counts_have_noise_and_a_budget(trained: Result) -> None:
    first = run("segments", "--private", "0.5", "--json")
    found = json.loads(first.stdout)
    assert (found["epsilon_spent_now"], found["budget_remaining"]) == (0.5, 0.5)
    assert {each.keys() == {"name", "count", "share"} for each in found["segments"]} == {True}
    again = json.loads(run("segments", "--private", "0.5", "--json").stdout)
    assert again["segments"] == found["segments"]
    assert (again["epsilon_spent_now"], again["budget_remaining"]) == (0.0, 0.5)
    assert (
        json.loads(run("segments", "--private", "0.5", "--renew", "--json").stdout)["budget_remaining"] == 0
    )
    refused = run("segments", "--private", "0.4")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "0 of the privacy budget of 1 is left" in refused.stderr
    assert "Nothing spent, released before on" in run("segments", "--private", "0.5").stdout


def test_before_training_and_with_wrong_options_it_says_what_to_do(shop: Database) -> None:
    for arguments, told in (
        (("segments",), "run storekeep train segments first"),
        (("segments", "--renew"), "--renew makes sense with --private EPSILON only"),
        (("train", "segments", "--k", "1"), "1 is not in the range 2<=x<=50"),
        (("train", "segments", "--k", "30"), "30 segments need at least 60 different shoppers"),
    ):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert told in result.stderr


def test_an_epsilon_out_of_range_is_bad_input(trained: Result) -> None:
    result = run("segments", "--private", "3")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "0.01 to 1, the budget of 30 days; came 3" in result.stderr
