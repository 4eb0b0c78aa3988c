import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, text

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
PG_CTL = shutil.which("pg_ctl") or (str(BINARIES[-1] / "pg_ctl") if BINARIES else None)
DATABASES = ["sqlite", "postgresql"] if PG_CTL else ["sqlite"]


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """An empty database."""
    if request.param == "sqlite":
        return URL.create("sqlite", database=str(tmp_path / "home" / "tabrl.db"))
    server = request.getfixturevalue("postgresql")
    name = f"test_{os.urandom(4).hex()}"
    first = create_engine(_url(server, "postgres"), isolation_level="AUTOCOMMIT")
    with first.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    first.dispose()
    return _url(server, name).set(drivername="postgresql")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Path]:
    """Folder of the socket of a server of our own, which no network reaches."""
    folder = Path(tempfile.mkdtemp(prefix="tabrl-pg-", dir="/tmp"))
    if os.getuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres")
    data = str(folder / "data")
    options = f"-c listen_addresses= -c fsync=off -k {folder}"
    init = "-U tabrl -A trust -E UTF8 --no-sync"
    _as_postgres([PG_CTL, "initdb", "-s", "-D", data, "-o", init])
    _as_postgres([PG_CTL, "start", "-w", "-s", "-D", data, "-o", options, "-l", f"{folder}/log"])
    try:
        yield folder
    finally:
        _as_postgres([PG_CTL, "stop", "-s", "-m", "immediate", "-D", data])
        shutil.rmtree(folder, ignore_errors=True)


def _url(server: Path, name: str) -> URL:
    return URL.create(
        "postgresql+psycopg", username="tabrl", database=name, query={"host": str(server)}
    )


def _as_postgres(command: list[str]) -> None:
    if os.getuid() == 0:
        command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
