"""The database under test: SQLite in a file, and a PostgreSQL of our own in a folder of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzer.database import Coaching, open_database

_SERVER_USER = "postgres"


def _program(name: str) -> str | None:
    """A program of PostgreSQL; Debian keeps them out of the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    return shutil.which(name) or next((str(folder / name) for folder in folders if (folder / name).is_file()), None)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A server on a free port of this machine, ended afterwards; skips by name where PostgreSQL is not installed."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    if initdb is None or pg_ctl is None:
        trouble = "PostgreSQL is not installed: apt-get install postgresql"
        pytest.fail(trouble) if os.environ.get("ANALYZER_NOTHING_SKIPPED") == "1" else pytest.skip(trouble)
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    # the server refuses to run as root
    user = _SERVER_USER if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        home = Path(folder) / "cluster"
        home.mkdir()
        if user:
            shutil.chown(home, user)

        def run(*command: str) -> None:
            subprocess.run(command, check=True, user=user, cwd=home, stdout=subprocess.DEVNULL, timeout=120)

        run(initdb, "-D", str(home), "-U", "coach", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home} -c fsync=off"
        run(pg_ctl, "-D", str(home), "-w", "-l", str(home / "log"), "-o", options, "start")
        try:
            yield f"postgresql://coach@127.0.0.1:{port}/postgres"
        finally:
            run(pg_ctl, "-D", str(home), "-m", "immediate", "stop")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'a folder' / 'coaching.sqlite3'}"
    import sqlalchemy as sa

    url = request.getfixturevalue("postgres_url")
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA public"))
    engine.dispose()
    return str(url)


@pytest.fixture
def coaching(url: str) -> Iterator[Coaching]:
    engine = open_database(url)
    yield Coaching(engine)
    engine.dispose()
