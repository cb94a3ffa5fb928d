"""Databases to migrate: a SQLite file, and a PostgreSQL server of the tests' own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The beginning of the URLs of a server on this machine alone, which nobody else uses and which ends by itself."""
    found = [shutil.which("pg_ctl"), *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")))]
    control = next((path for path in found if path), None)
    if control is None:
        pytest.skip("pg_ctl is not installed (Debian's package postgresql)")
    control = os.path.realpath(control)
    user = "nobody" if os.geteuid() == 0 else None  # the server refuses to be root
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))  # pytest's own are closed to whom the server runs as
    if user:
        shutil.chown(folder, user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*command: str) -> None:
        done = subprocess.run(command, user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              text=True, timeout=60)  # fmt: skip
        assert 0 == done.returncode, done.stderr

    data = folder / "data"
    run(str(Path(control).parent / "initdb"), "-D", str(data), "-A", "trust", "-U", "tests", "-E", "UTF8", "--no-sync")
    run(control, "-D", str(data), "-l", str(folder / "log"), "-w", "-o", f"-h 127.0.0.1 -p {port} -k '' -F", "start")
    try:
        yield f"postgresql+psycopg://tests@127.0.0.1:{port}"
    finally:
        run(control, "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data.db'}"
    from sqlalchemy import create_engine, text

    server = request.getfixturevalue("postgres_server")
    name = f"t{abs(hash(str(tmp_path))) % 10**9}"
    with create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return f"{server}/{name}"
