"""What do many tests start from? A database, SQLite and PostgreSQL in turn, with empty tables; and one
whole running shop."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from running_shop import RunningShop
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from bot.database.connection import Database

POSTGRES_URL = os.environ.get(
    "STOREKEEP_TEST_POSTGRES_URL", "postgresql+psycopg://storekeep:storekeep@127.0.0.1:5432/storekeep_test"
)


@pytest.fixture(scope="session")
def postgres_url() -> str | None:
    """The URL of the PostgreSQL to test on, None if it does not answer."""
    engine = create_engine(POSTGRES_URL, connect_args={"connect_timeout": 2})
    try:
        with engine.connect():
            return POSTGRES_URL
    except OperationalError:
        return None
    finally:
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, postgres_url: str | None) -> Iterator[str]:
    """The URL of a database without tables; on PostgreSQL a schema of this test's own."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/storekeep.db"
        return
    if postgres_url is None:
        pytest.skip("no PostgreSQL answers; name one in STOREKEEP_TEST_POSTGRES_URL")
    schema = f"test_{uuid.uuid4().hex}"
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(postgres_url).update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with this version's tables, empty."""
    database = Database(database_url)
    database.upgrade()
    yield database
    database.close()


@pytest.fixture(scope="session")
def whole_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    """Web, Rasa, action server, models and the sample shop's database, started once for all full tests."""
    shop = RunningShop(tmp_path_factory.mktemp("shop"))
    try:
        shop.wait_until_ready()
        yield shop
    finally:
        code = shop.stop()
    assert code == 0, shop.log_end()
