"""How does the shop reach its database, SQLite file or PostgreSQL server?"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 20.0


class DatabaseUnavailable(Exception):
    """The database cannot be used; the message says why, without its password."""


class Database:
    """The shop's database at one URL. Nothing is opened before the first session."""

    def __init__(self, url: str) -> None:
        """Raises DatabaseUnavailable if the URL is not one of a SQLite file or a PostgreSQL server."""
        parsed = make_url(url)
        self.kind = parsed.get_backend_name()
        if self.kind == "sqlite" and parsed.database in (None, "", ":memory:"):
            raise DatabaseUnavailable("SQLite needs a file, as in sqlite:///.storekeep/storekeep.db.")
        if self.kind not in ("sqlite", "postgresql"):
            raise DatabaseUnavailable(f"The database should be sqlite or postgresql; came {self.kind}.")
        self.name = parsed.render_as_string(hide_password=True)
        self._file = Path(str(parsed.database)) if self.kind == "sqlite" else None
        self._engine = _engine_for(url, self.kind)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction that may write: commits at the end, rolls back on an error.

        On SQLite writers stand in line from the start, so what a transaction has read stays true until it
        ends.
        """
        with Session(self._engine) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads; it waits for no writer. A write in it is a database error."""
        reader = self._engine.execution_options(
            storekeep_reads=True, postgresql_readonly=self.kind == "postgresql"
        )
        with Session(reader) as session, session.begin():
            yield session

    def hold(self, session: Session | Connection, name: str) -> None:
        """Let one transaction at a time go on after this line for one name; held until the transaction
        ends.
        """
        hold_name(session, name)

    def upgrade(self) -> None:
        """Bring the tables to this version's state, making the SQLite file and its folder if they are
        missing.

        Raises DatabaseUnavailable if nothing answers at the URL, or if the tables are of a later version
        than this.
        """
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        try:
            with self._engine.begin() as connection:
                self.hold(connection, "migrations")
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except OperationalError as error:
            raise DatabaseUnavailable(f"No database answers at {self.name}: {error.orig}") from error
        except CommandError as error:
            raise DatabaseUnavailable(f"The tables at {self.name} are of another version: {error}") from error

    def close(self) -> None:
        """Close what is open. The database may be used again afterwards."""
        self._engine.dispose()


def hold_name(session: Session | Connection, name: str) -> None:
    """What Database.hold does, for those who only have the transaction. On SQLite writers stand in line
    anyway.
    """
    dialect = session.dialect if isinstance(session, Connection) else session.get_bind().dialect
    if dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        session.execute(select(func.pg_advisory_xact_lock(key)))


def _engine_for(url: str, kind: str) -> Engine:
    if kind == "postgresql":
        return create_engine(url, pool_size=20, max_overflow=20, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(
        url, pool_size=20, max_overflow=20, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # Python's sqlite3 would begin transactions only before the first write; we begin them ourselves.
    connection.isolation_level = None
    _use_write_ahead_log(connection)
    for pragma in ("synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Several processes may open a new file at once, and SQLite's own time limit does not cover this step:
    all but one are told at once that the file is locked.
    """
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
        time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("storekeep_reads", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {int(reads)}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
