"""Does ``storekeep profile`` explain a shopper, and say so where nothing may be kept?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from segment_commands import ANNA_BROWSER, fill_shop
from shopper_fakes import NOON

from bot.cli.storekeep import main
from bot.database.connection import Database
from bot.database.tables import TraitRow
from bot.settings import Settings
from bot.shoppers.consent import Consents


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> Iterator[Database]:
    """A shop with 40 shoppers, Anna (C00001) and Ben (C00002) among them; Ben did not agree to profiling."""
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


def test_it_tells_what_is_known_why_and_what_follows(shop: Database) -> None:
    with shop.session() as session:
        session.add(TraitRow(customer_id="C00001", name="age_band", value="25-34", given_at=NOON))
    assert run("train", "segments", "--k", "2").exit_code == 0
    result = run("profile", "C00001")
    assert result.exit_code == 0, result.output
    lines = {line[:12].strip(): line[12:] for line in result.stdout.splitlines() if line[:12].strip()}
    assert lines["Given"] == "age_band 25-34 (given 2026-03-14)"
    assert lines["Seen"].startswith("2026-03-05 to 2026-03-14")
    assert lines["Orders"] == "1, the last on 2026-03-14; 2 pieces; 20.00 EUR"
    assert "100%  Lamps (from 11 events)" in lines["Categories"]
    assert lines["Prices"].endswith("the cheapest of their categories")
    assert lines["Bought"] == "Name of L-1 (L-1)"
    assert "lovers" in lines["Segment"]
    assert "(1.00)" in lines["Nearest"]


def test_the_json_has_every_part(shop: Database) -> None:
    account = json.loads(run("profile", "C00001", "--json").stdout)
    assert (account["id"], account["kind"]) == ("C00001", "customer")
    assert account["consent"] == {"is_given": True, "since": None, "source": None}
    known = account["known"]
    assert known["categories"] == [{"name": "Lamps", "share": 1.0, "events": 11}]
    assert known["frequency"]["orders"] == 1
    assert known["segment"] is None
    assert len(known["nearest"]) == 5
    assert all(each["similarity"] == 1.0 for each in known["nearest"])


def test_without_consent_it_says_that_nothing_is_kept_and_why(shop: Database) -> None:
    assert run("profile", "C00002").stdout == (
        "C00002: nothing is kept.\nThis customer never agreed to profiling.\n"
    )
    Consents(shop, lambda: NOON).decide("C00001", False, "site")
    assert run("profile", "C00001").stdout == (
        "C00001: nothing is kept.\nThis customer refused profiling since 2026-03-14 (site).\n"
    )
    account = json.loads(run("profile", "C00001", "--json").stdout)
    assert account["known"] is None
    assert account["consent"]["is_given"] is False


def test_a_browser_is_explained_by_its_id(shop: Database) -> None:
    account = json.loads(run("profile", f"visitor:{ANNA_BROWSER}-1", "--json").stdout)
    assert (account["kind"], account["known"]["frequency"]["events"]) == ("visitor", 10)


@pytest.mark.parametrize("shopper_id", ["C09999", "visitor:", "visitor:nobody", "", "%"])
def test_an_unknown_id_is_bad_input(shop: Database, shopper_id: str) -> None:
    result = run("profile", shopper_id)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "visitor:ID of a browser with events" in result.stderr
