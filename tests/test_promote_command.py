"""Do ``storekeep promote`` and its relatives write, tell and keep what they promise?"""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.assembly import now, open_shop
from bot.cli.storekeep import main
from bot.customers import Customer
from bot.promotions.offer import Audience, Offer
from bot.promotions.offers import Offers
from bot.promotions.promotion_record import PromotionRecord
from bot.settings import Settings
from knowledge_base.products import Product

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SHELF = (
    Product("OFF-001", "Stavell Lamp", "Stavell", "Office", 4950, "EUR", 3, {"Weight": "2 kg"}, (), ""),
    Product("OFF-002", "Stavell Gloves", "Stavell", "Office", 3000, "EUR", 30, {}, (), ""),
)


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Two products, one offer for everybody, one for returning customers, and Anna, who never ordered."""
    url = f"sqlite:///{tmp_path}/storekeep.db"
    monkeypatch.setenv("STOREKEEP_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("STOREKEEP_DATABASE_URL", url)
    settings = Settings(data_dir=tmp_path, database_url=url)
    opened = open_shop(settings, lambda: NOON)
    opened.catalogue.put_products(SHELF)
    opened.customers.add([Customer("C00001", "anna@mail.example", "Anna Keller", "DE", NOON)])
    begins, ends = now() - timedelta(days=1), now() + timedelta(days=9)
    Offers(opened.database, now).put(
        [
            Offer("LAMP", "percentage", begins, ends, "EUR", percent=20, code="LAMP20", skus=("OFF-001",)),
            Offer(
                "BACK",
                "percentage",
                begins,
                ends,
                "EUR",
                percent=50,
                code="SECRET50",
                audience=Audience(customers="returning"),
            ),
        ]
    )
    opened.database.close()
    return settings


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.full
@pytest.mark.parametrize("channel", ["chat", "email", "sms", "push"])
def test_it_answers_in_the_agreed_json_with_the_offer_that_counts_for_the_customer(channel: str) -> None:
    result = run("promote", "OFF-001", "--customer", "C00001", "--channel", channel, "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert set(answer) == {"messages", "rejected", "milliseconds"}
    assert answer["messages"]
    for message in answer["messages"]:
        assert {"text", "subject", "source", "facts"} <= set(message)
        assert "LAMP20" in message["text"]
        assert "20%" in message["text"]
        assert "SECRET50" not in message["text"]
        assert (message["subject"] is not None) == (channel == "email")
        assert "Anna" in message["text"] or channel != "email"
    if channel == "email":
        assert "Not to be sent: C00001 did not agree to e-mails about offers." in result.stderr
        assert "/unsubscribe?token=" in answer["messages"][0]["text"]


@pytest.mark.full
def test_the_same_question_gets_the_same_texts_and_another_seed_others() -> None:
    texts = [
        [one["text"] for one in json.loads(run("promote", "OFF-001", "--json", *seed).stdout)["messages"]]
        for seed in ((), (), ("--seed", "5"))
    ]
    assert texts[0] == texts[1]
    assert texts[0] != texts[2]


@pytest.mark.full
def test_a_whole_catalogue_comes_as_a_table_and_may_wait_for_people(shop: Settings) -> None:
    result = run("promote", "--all", "--channel", "sms", "--keep")
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["sku"] for row in rows] == ["OFF-001", "OFF-002"]
    assert all(len(row["text"]) <= 160 and row["text"].endswith("Reply STOP to end.") for row in rows)
    opened = open_shop(shop)
    waiting = PromotionRecord(opened.database, now).waiting(10)
    opened.database.close()
    assert [one.draft.text for one in waiting] == [row["text"] for row in rows]


@pytest.mark.full
def test_evaluation_prints_the_agreed_figures(tmp_path: Path) -> None:
    result = run("evaluate", "promotions", "--out", str(tmp_path / "all.jsonl"))
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert {"faithful", "from_model", "distinct_2", "banned", "milliseconds_p50"} <= set(figures)
    assert (figures["messages"], figures["faithful"], figures["banned"]) == (8, 1.0, 0)
    assert len((tmp_path / "all.jsonl").read_text().splitlines()) == 8


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "promote takes a SKU, or --all"),
        (("OFF-001", "--all"), "promote takes a SKU or --all, not both"),
        (("OFF-001", "--channel", "fax"), "'fax' is not one of"),
        (("OFF-001", "--tone", "loud"), "'loud' is not one of"),
        (("OFF-001", "-n", "0"), "0 is not in the range"),
    ],
)
def test_what_cannot_be_used_is_said(arguments: tuple[str, ...], said: str) -> None:
    result = run("promote", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.full
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("OFF-9",), "SKU should be a product's, such as OFF-001; came 'OFF-9'"),
        (("OFF-001", "--customer", "C9"), "There is no customer 'C9'"),
    ],
)
def test_products_and_customers_that_are_not_there_are_named(arguments: tuple[str, ...], said: str) -> None:
    result = run("promote", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_without_a_writer_it_says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOREKEEP_WRITER_MODEL", str(tmp_path / "nothing"))
    result = run("promote", "OFF-001")
    assert result.exit_code == 1
    assert "storekeep train writer" in result.stderr


@pytest.mark.full
def test_a_writer_is_trained_resumed_and_used_by_the_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = ("--rounds", "1", "--steps", "2", "--batch-size", "4")
    result = run("train", "writer", "--out", str(tmp_path / "writer"), *small, "--json")
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    assert summary["rounds"] == 1
    assert summary["perplexity_known"] > 1
    monkeypatch.setenv("STOREKEEP_WRITER_MODEL", str(tmp_path / "writer"))
    assert run("promote", "OFF-002", "--json").exit_code == 0


def test_a_file_in_the_place_of_the_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("train", "writer", "--out", str(tmp_path / "file"))
    assert result.exit_code == 2
    assert "--out should be a directory" in result.stderr
