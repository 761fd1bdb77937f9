"""Where the database is, and opening it: the newest tables, several people at once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from analyzer.errors import FileError, UsageError
from analyzer.settings import user_folder

URL_VARIABLE = "DATABASE_URL"
FILE = "coaching.sqlite3"
_MIGRATIONS = Path(__file__).parent / "migrations"
# seconds one person's writing waits for another's
_PATIENCE_S = 30
# any number, the same for all of us: who holds it on PostgreSQL is the one that migrates
_MIGRATION_LOCK = 7_248_113


def database_url() -> str:
    """``$DATABASE_URL``, else a file in the user's folder."""
    return os.environ.get(URL_VARIABLE, "").strip() or f"sqlite:///{user_folder() / FILE}"


def open_database(url: str | None = None) -> Engine:
    """The database with its tables brought up to date. Raises UsageError for an address that cannot be used, FileError for a place."""
    chosen = url or database_url()
    try:
        parsed = sa.make_url(chosen)
        engine = _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _server(parsed)
        _migrate(engine)
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ModuleNotFoundError) as error:
        raise UsageError(
            "bad_database",
            f"{URL_VARIABLE} does not name a database we can use: write it as postgresql://user@host/name, or leave it out.",
        ) from error
    except (sa.exc.DBAPIError, OSError) as error:
        raise FileError(
            "no_database",
            f"The database {_without_password(chosen)} cannot be opened: see that it runs and may be written, or change {URL_VARIABLE}.",
        ) from error
    return engine


def writing(engine: Engine) -> Engine:
    """The engine for transactions that write: on SQLite they wait for each other at their start, where waiting is safe."""
    return engine.execution_options(writes=True)


def _sqlite(url: sa.URL) -> Engine:
    if url.database and url.database != ":memory:":
        folder = Path(url.database).expanduser().parent
        folder.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": _PATIENCE_S})

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        # transactions begin where we say, not where the driver guesses
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=NORMAL")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _server(url: sa.URL) -> Engine:
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    return sa.create_engine(url, pool_pre_ping=True)


def _migrate(engine: Engine) -> None:
    """Bring the tables up to date; of several programs that start together one does it and the others wait."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with writing(engine).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _without_password(url: str) -> str:
    try:
        return f"“{sa.make_url(url).render_as_string(hide_password=True)}”"
    except sa.exc.ArgumentError:
        return ""
