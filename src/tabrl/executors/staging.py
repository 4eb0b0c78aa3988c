"""Files of a job that runs far away: what it reads comes to the node, what it leaves goes to its
URL. Only the side with the keys does this; the worker process sees folders of its node.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from tabrl import artifacts
from tabrl.events import Artifact, Event
from tabrl.spec import JobSpec

READ = ("policy", "base_policy", "baseline", "resume")


class Staging:
    """A job with paths of this node in place of URLs.

    Paths without a scheme stay as they are: all nodes are to see them.

    Attributes:
        spec: the job as the worker process gets it.
    """

    def __init__(self, spec: JobSpec, shipped: str, shipped_here: str, cache: Path) -> None:
        (cache / "staging").mkdir(parents=True, exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(prefix="job-", dir=cache / "staging"))
        self._url = url if is_url(url := getattr(spec, "out", "")) else ""
        self._out = self._folder / "out"
        changed = {"out": str(self._out)} if self._url else {}
        try:
            for name in READ:
                if path := getattr(spec, name, None):
                    changed[name] = self._here(name, path, shipped, shipped_here)
        except BaseException:
            self.close()
            raise
        self.spec: JobSpec = spec.model_copy(update=changed)

    def publish(self, event: Event, within: str = "") -> Iterator[Event]:
        """Put what an event tells of where it belongs, then give the event as it is to be told.

        Args:
            within: a folder of the URL for it, where a later one is not to take its place.
        """
        if not (self._url and isinstance(event, Artifact)):
            yield event
            return
        local = Path(event.path)
        place = PurePosixPath(within, local.relative_to(self._out).as_posix())
        url = f"{self._url.rstrip('/')}/{place}"
        artifacts.put(local, url)
        yield event.model_copy(update={"path": url})

    def _here(self, name: str, path: str, shipped: str, shipped_here: str) -> str:
        if is_url(path):
            artifacts.get(path, self._folder / name)
            return str(self._folder / name)
        if Path(path).is_relative_to(shipped):
            return str(Path(shipped_here) / Path(path).relative_to(shipped))
        return path

    def close(self) -> None:
        """Remove what this node has of the job."""
        shutil.rmtree(self._folder, ignore_errors=True)


def is_url(path: str) -> bool:
    """Whether a job's path is a URL, not one that all nodes are to see."""
    return "://" in path
