"""Do the migrations make the tables that the code means, and do both databases keep their promises?"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from bot.database.connection import Database, DatabaseUnavailable
from bot.database.tables import ConversationRow, CustomerRow, Table

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def a_customer(email: str = "ida@mail.example", created_at: datetime = NOON) -> CustomerRow:
    return CustomerRow(
        id="C00009", email=email, name="Ida", country="DE", created_at=created_at, profiling_consent=False
    )


def test_the_migrations_make_exactly_the_tables_of_the_code(database: Database, database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []
    engine.dispose()


def test_upgrading_again_changes_nothing(database: Database) -> None:
    with database.session() as session:
        session.add(a_customer())
    database.upgrade()
    with database.reading() as session:
        assert session.scalars(select(CustomerRow.id)).all() == ["C00009"]


def test_processes_that_upgrade_at_once_all_succeed(database_url: str) -> None:
    databases = [Database(database_url) for _ in range(4)]
    errors: list[Exception] = []

    def upgrade(one: Database) -> None:
        try:
            one.upgrade()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=upgrade, args=(one,)) for one in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in databases:
        one.close()
    assert errors == []


def test_many_who_open_a_new_file_at_once_all_get_in(tmp_path: Path) -> None:
    errors: list[Exception] = []

    def open_at_once(one: Database, together: threading.Barrier) -> None:
        together.wait()
        try:
            with one.session() as session:
                session.execute(text("SELECT 1"))
        except Exception as error:
            errors.append(error)

    for number in range(30):
        databases = [Database(f"sqlite:///{tmp_path}/{number}.db") for _ in range(6)]
        together = threading.Barrier(len(databases))
        threads = [threading.Thread(target=open_at_once, args=(one, together)) for one in databases]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for one in databases:
            one.close()
    assert errors == []


def test_tables_of_a_later_version_are_refused(database: Database) -> None:
    with database.session() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseUnavailable, match="of another version"):
        database.upgrade()


def test_a_session_that_fails_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(RuntimeError), database.session() as session:  # noqa: PT012
        session.add(a_customer())
        session.flush()
        raise RuntimeError
    with database.reading() as session:
        assert session.scalars(select(CustomerRow)).all() == []


def test_a_reading_session_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError), database.reading() as session:
        session.execute(text("DELETE FROM customers"))
    with database.session() as session:
        session.add(a_customer())


def test_times_come_back_in_utc_whatever_zone_they_came_in(database: Database) -> None:
    with database.session() as session:
        session.add(a_customer(created_at=NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))))
    with database.reading() as session:
        stored = session.scalar(select(CustomerRow.created_at))
    assert stored == NOON
    assert stored is not None
    assert stored.utcoffset() == timedelta(0)


def test_a_time_without_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="needs its tzinfo"), database.session() as session:
        session.add(a_customer(created_at=datetime(2026, 3, 14)))


def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(IntegrityError), database.session() as session:
        session.add(ConversationRow(id="x", customer_id="C99999", started_at=NOON))


def test_an_email_belongs_to_one_customer(database: Database) -> None:
    with database.session() as session:
        session.add(a_customer())
    with pytest.raises(IntegrityError), database.session() as session:
        session.add(
            CustomerRow(
                id="C2",
                email="ida@mail.example",
                name="",
                country="DE",
                created_at=NOON,
                profiling_consent=True,
            )
        )


def test_writers_wait_for_each_other_and_none_is_lost(database: Database) -> None:
    with database.session() as session:
        session.add(a_customer(email="0"))

    def count_up() -> None:
        for _ in range(10):
            with database.session() as session:
                database.hold(session, "count")
                row = session.get(CustomerRow, "C00009", with_for_update=True)
                assert row is not None
                row.email = str(int(row.email) + 1)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.scalar(select(CustomerRow.email)) == "40"


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseUnavailable) as error:
        Database("postgresql+psycopg://shop:xyzzy@127.0.0.1:9/shop").upgrade()
    assert "postgresql+psycopg://shop:***@127.0.0.1:9/shop" in str(error.value)
    assert "xyzzy" not in str(error.value)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://shop@db/shop"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(DatabaseUnavailable):
        Database(url)


def test_making_a_database_opens_nothing(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path}/deep/storekeep.db")
    assert list(tmp_path.iterdir()) == []
