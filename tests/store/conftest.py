import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

sys.path.append(str(Path(__file__).parent))
from postgres import PG_CTL, Postgres

DATABASES = ["sqlite", "postgresql"] if PG_CTL else ["sqlite"]


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """An empty database."""
    if request.param == "sqlite":
        return URL.create("sqlite", database=str(tmp_path / "home" / "tabrl.db"))
    server: Postgres = request.getfixturevalue("postgresql")
    return server.create().set(drivername="postgresql")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgres]:
    """A server of our own."""
    with Postgres() as server:
        yield server
