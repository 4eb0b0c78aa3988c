"""A PostgreSQL server of our own, which no network reaches."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from sqlalchemy import URL, create_engine, text

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
PG_CTL = shutil.which("pg_ctl") or (str(BINARIES[-1] / "pg_ctl") if BINARIES else None)


class Postgres:
    """A running server; `with` ends it."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="tabrl-pg-", dir="/tmp"))
        if os.getuid() == 0:  # the server refuses to run as root
            shutil.chown(self._folder, "postgres")
        self._data = str(self._folder / "data")
        _as_postgres("initdb", "-s", "-D", self._data, "-o", "-U tabrl -A trust -E UTF8 --no-sync")
        self.start()

    def __enter__(self) -> "Postgres":
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start it, again on the same data."""
        options = f"-c listen_addresses= -c fsync=off -k {self._folder}"
        log = f"{self._folder}/log"
        _as_postgres("start", "-w", "-s", "-D", self._data, "-o", options, "-l", log)

    def stop(self) -> None:
        """Stop it, whoever is connected."""
        _as_postgres("stop", "-s", "-m", "immediate", "-D", self._data)

    def create(self) -> URL:
        """An empty database."""
        name = f"test_{os.urandom(4).hex()}"
        first = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        with first.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        first.dispose()
        return self._url(name)

    def _url(self, name: str) -> URL:
        query = {"host": str(self._folder)}
        return URL.create("postgresql+psycopg", username="tabrl", database=name, query=query)


def _as_postgres(*arguments: str) -> None:
    command = [str(PG_CTL), *arguments]
    if os.getuid() == 0:
        command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
