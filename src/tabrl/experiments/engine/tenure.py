"""Who runs the experiments: the one place that knows it. Of several studios on one database one
does; the others look after it, and one of them takes over when it shows no life.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256

from tabrl.errors import BusyError, TabRLError
from tabrl.experiments.files import home_secret
from tabrl.experiments.locking import claim
from tabrl.settings import Settings
from tabrl.store import Store
from tabrl.store.lease import Lease, Leases

PAUSE_S = 1.0
LOST_S = 15.0
"""Without a sign of life, after which a studio is taken to have died."""
log = logging.getLogger(__name__)
Change = Callable[[], None]


class Tenure:
    """This process's part in it.

    No clock is compared with another: who follows counts by its own for how long it has seen the
    same beat, and begins again whenever the database did not answer.

    Args:
        url: where the other studios reach this one.

    Attributes:
        leads: whether experiments are this process's to run.
        lost: whether they were, and another runs them by now.
    """

    def __init__(self, url: str) -> None:
        self.studio = secrets.token_urlsafe(24)
        """What other studios have to know to ask this one for what only it can do."""
        self.leads = self.lost = False
        self._url = url

    @property
    def leader(self) -> Lease | None:
        """Who else runs them, as far as is known; None where nobody does."""
        return None

    def start(self, ready: Change, begin: Change, end: Change) -> None:
        """Call `ready` before experiments are this process's to run, `begin` once they are, and
        `end` when they are no more.
        """
        begin()

    @contextmanager
    def held(self) -> Iterator[None]:
        """What is written meanwhile is written by the only one who may; else `BusyError`."""
        yield

    def close(self) -> None:
        """Leave them to another studio."""


class Alone(Tenure):
    """The only studio of its home, as SQLite has it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__("")
        self._claim = claim(
            settings.home / "studio.lock",
            f"Another studio uses {settings.home}.",
            "Stop it first, or set TABRL_HOME to another folder. Several studios on one folder "
            "need PostgreSQL: see docs/scale.md.",
        )
        self.leads = True

    def close(self) -> None:
        self._claim.close()


class Command(Tenure):
    """A command, which runs its own experiment alone."""

    def __init__(self) -> None:
        super().__init__("")
        self.leads = True


class OneOfMany(Tenure):
    """One of the studios on a PostgreSQL database."""

    def __init__(self, leases: Leases, settings: Settings, url: str) -> None:
        super().__init__(url)
        self._claim = claim(
            settings.home / "studio.lock",
            f"A studio without PostgreSQL uses {settings.home}.",
            "Stop it first, or set TABRL_HOME to another folder.",
            shared=True,
        )
        self._leases = leases
        self._home = sha256(home_secret(settings.home)).hexdigest()
        self._mine = False
        self._seen: Lease | None = None
        self._since = 0.0
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._work, name="tenure", daemon=True)

    @property
    def leader(self) -> Lease | None:
        seen = self._seen
        return None if self._mine or seen is None or not seen.studio else seen

    def start(self, ready: Change, begin: Change, end: Change) -> None:
        """See `Tenure`; looks once before it returns.

        Raises:
            TabRLError: the others keep their experiments in another folder.
        """
        self._ready, self._begin, self._end = ready, begin, end
        found = self._leases.look()
        if found.studio and found.home != self._home:
            raise TabRLError(
                "The studios on this database keep their experiments in another folder.",
                "Set TABRL_HOME to the folder that they share, under the same path.",
            )
        took = self._look()
        self._thread.start()
        if took:
            self._take_up()

    @contextmanager
    def held(self) -> Iterator[None]:
        with self._leases.held(self.studio):
            yield

    def close(self) -> None:
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join(10.0)
        if self._mine:
            self._mine = self.leads = False
            try:
                self._leases.give_back(self.studio)
            except BusyError:  # the others find out by themselves
                log.warning("the experiments could not be left to another studio")
        self._claim.close()

    def _work(self) -> None:
        while not self.lost and not self._closed.wait(PAUSE_S):
            try:
                if self._look():  # signs of life go on meanwhile
                    threading.Thread(target=self._take_over, daemon=True).start()
            except BusyError:
                self._since = time.monotonic()  # who cannot see the other does not judge
            except Exception:  # ours to mend; the next look may go better
                log.exception("who runs the experiments could not be seen to")

    def _look(self) -> bool:
        """Show that this one lives, or see whether the other does.

        Returns:
            Whether this one has just taken over.
        """
        if self._mine:
            if not self._leases.beat(self.studio):
                self._lose("another studio has taken over the experiments")
            return False
        found, now = self._leases.look(), time.monotonic()
        if found != self._seen:
            self._seen, self._since = found, now
        if not found.studio or now - self._since >= LOST_S:
            mine = Lease(self.studio, self._url, self._home, 0)
            self._mine = self._leases.take(found, mine)
        return self._mine

    def _take_up(self) -> None:
        self._ready()
        self.leads = True
        self._begin()

    def _take_over(self) -> None:
        log.warning("takes over the experiments of another studio")
        try:
            self._take_up()
        except Exception:
            log.exception("the experiments could not be taken over")
            self._lose("leaves the experiments to another studio")

    def _lose(self, why: str) -> None:
        self.leads, self.lost = False, True
        log.error(why)
        self._end()


def tenure(settings: Settings, store: Store, url: str) -> Tenure:
    """A studio's part, by what its database can do.

    Raises:
        TabRLError: the database is a file, and another studio uses the same home.
    """
    if store.shared_by_studios:
        return OneOfMany(store.leases(), settings, url)
    return Alone(settings)
