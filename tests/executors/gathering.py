"""Events of several jobs, merged as they come."""

import threading
from collections.abc import Iterator, Sequence
from queue import SimpleQueue

from tabrl.events import Event
from tabrl.executors import Job


def gather(jobs: Sequence[Job]) -> Iterator[Event]:
    """Every event of every job, each job read by a thread of its own; it can be read on after a
    KeyboardInterrupt.
    """
    merged: SimpleQueue[Event | None] = SimpleQueue()

    def pump(job: Job) -> None:
        for event in job.events():
            merged.put(event)

    pumps = [threading.Thread(target=pump, args=(job,), daemon=True) for job in jobs]

    def merge() -> None:
        for each in pumps:
            each.start()
        for each in pumps:
            each.join()
        merged.put(None)

    threading.Thread(target=merge, daemon=True).start()
    return iter(merged.get, None)
