"""What was made, kept in a database: SQLite by default, PostgreSQL where its URL is given."""

from tabrl.store.database import database_url
from tabrl.store.store import Store, open_store

__all__ = ["Store", "database_url", "open_store"]
