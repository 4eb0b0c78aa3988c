"""What is asked of Modal, and what its answers mean. Only here is its SDK called."""

import importlib.util
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any

from tabrl import artifacts
from tabrl.errors import TabRLError
from tabrl.executors.modal_orders import (
    APP,
    END,
    HERE,
    KEPT,
    LOG,
    ON_CORES,
    ON_GPU,
    Order,
    here,
    orders,
)

DEPLOY = "Run `tabrl deploy modal`."
News = dict[str, Any]


class Unreachable(TabRLError):
    """Modal does not answer, or not to this token; what runs there may go on."""


class Gone(TabRLError):
    """A call at Modal has ended without a result."""


class Cloud:
    """One client of Modal.

    Raises:
        TabRLError: its package or a token is missing, or it does not answer.
    """

    def __init__(self) -> None:
        if importlib.util.find_spec("modal") is None:
            raise TabRLError("Modal is not installed.", "Run `pip install 'tabrl[modal]'`.")
        import modal

        self._modal = modal
        with _in_words():
            self._client = modal.Client.from_env()
            try:
                self._client.hello()
            except BaseException:
                self.close()
                raise
        self._queue = modal.Queue.from_name(APP, create_if_missing=True, client=self._client)
        self._volume = modal.Volume.from_name(
            APP, create_if_missing=True, version=2, client=self._client
        )

    def close(self) -> None:
        """Give back its connection."""
        self._client.close()

    # -- the app -----------------------------------------------------------------------------------

    def deployed(self) -> dict[str, str]:
        """What the app says of itself, as of `modal_orders.here`.

        Raises:
            TabRLError: it is not deployed.
        """
        with _in_words(f"The app {APP} is not deployed at Modal.", DEPLOY):
            app = self._modal.App.lookup(APP, client=self._client)
            return dict(app.get_tags(client=self._client))

    def function(self, gpu: str | None) -> Any:
        """What trains, with a GPU of this kind or with none.

        Raises:
            TabRLError: it is not deployed.
        """
        what, how = f"The app {APP} is not deployed at Modal.", DEPLOY
        if gpu:
            what = f"The app {APP} at Modal has no function for GPUs."
            how = "Run `tabrl deploy modal --gpu`."
        with _in_words(what, how):
            found = self._modal.Function.from_name(
                APP, ON_GPU if gpu else ON_CORES, client=self._client
            ).hydrate()
            return found.with_options(gpu=gpu) if gpu else found

    # -- calls -------------------------------------------------------------------------------------

    def spawn(self, order: Order, gpu: str | None) -> str:
        """Begin a training; Modal's id of the call."""
        function = self.function(gpu)
        with _in_words():
            return str(function.spawn(asdict(order)).object_id)

    def result(self, call: str) -> dict[str, Any] | None:
        """What a call gave back; None while it runs.

        Raises:
            Gone: it has ended without a result.
        """
        from modal import exception

        over = (
            exception.FunctionTimeoutError,
            exception.RemoteError,
            exception.InternalFailure,
            exception.InputCancellation,
            exception.OutputExpiredError,
            exception.NotFoundError,
            exception.ExecutionError,
        )
        with _in_words():
            try:
                found = self._call(call).get(timeout=0)
            except exception.OutputExpiredError as error:
                raise Gone("Modal does not keep what its call gave back any more.") from error
            except exception.FunctionTimeoutError as error:
                why = "Modal ended it: it ran for as long as a call may."
                raise Gone(why, "It goes on from its last policy.") from error
            except TimeoutError:
                return None
            except over as error:
                why = f"Its call at Modal was ended: {error or type(error).__name__}"
                raise Gone(why, f"`modal app logs {APP}` may tell more.") from error
            return dict(found)

    def end(self, call: str) -> None:
        """End a call at once, or before it begins."""
        with _in_words():
            self._call(call).cancel()

    def _call(self, call: str) -> Any:
        return self._modal.FunctionCall.from_id(call, client=self._client)

    # -- the queue ---------------------------------------------------------------------------------

    def news(self, key: str, wait_s: float) -> list[News]:
        """What a container has told since; waits for something, though not for ever."""
        from queue import Empty

        with _in_words():
            try:
                return list(self._queue.get_many(200, timeout=wait_s, partition=key))
            except Empty:
                return []

    def ask_to_end(self, key: str) -> None:
        """Have a training end early."""
        with _in_words():
            self._queue.put(END, partition=orders(key))

    def be_there(self, key: str) -> None:
        """Say that somebody listens."""
        with _in_words():
            self._queue.put(HERE, partition=orders(key))

    # -- the volume --------------------------------------------------------------------------------

    def log(self, key: str) -> list[tuple[int, str]]:
        """All that a training has said and that is safe: number and event."""
        lines = self._read(f"{key}/{LOG}").decode().splitlines()
        return [(number, event) for number, event in map(json.loads, lines)]

    def began(self, key: str) -> dict[str, Any]:
        """`at`, Unix time, and `call` of an attempt that has begun; empty for any other."""
        return dict(json.loads(self._read(f"{key}/began.json") or b"{}"))

    def fetch(self, key: str, path: str, url: str) -> None:
        """Copy a file or folder that a training left to where it belongs, each file whole.

        Raises:
            FileNotFoundError: it is not in the volume.
        """
        with tempfile.TemporaryDirectory(prefix="tabrl-") as scratch:
            self._copy(f"{key}/{KEPT}/{path}", Path(scratch, "whole"))
            artifacts.put(Path(scratch, "whole"), url)

    def forget(self, key: str) -> None:
        """Remove what a training left in the volume."""
        with _in_words():
            try:
                self._volume.remove_file(key, recursive=True)
            except FileNotFoundError:
                return

    def _copy(self, path: str, local: Path) -> None:
        with _in_words():
            try:
                entries = self._volume.listdir(path, recursive=True)
            except self._modal.exception.NotFoundError as error:
                raise FileNotFoundError(path) from error
            files = [e.path.lstrip("/") for e in entries if e.type.name == "FILE"]
            if not files:
                raise FileNotFoundError(path)
            for file in files:
                relative = PurePosixPath(file).relative_to(path)
                if ".." in relative.parts:
                    raise FileNotFoundError(f"{file} points outside its folder")
                target = local / relative
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as out:
                    self._volume.read_file_into_fileobj(file, out)

    def _read(self, path: str) -> bytes:
        """A file's content; empty where there is none."""
        with _in_words():
            try:
                return b"".join(self._volume.read_file(path))
            except FileNotFoundError:
                return b""


def mismatch(tags: dict[str, str]) -> str:
    """How the app differs from what is here, in words; empty where it does not."""
    wanted, names = here(), {"tabrl": "TabRL", "python": "Python", "code": "the code"}
    differs = [name for name in wanted if tags.get(name) != wanted[name]]
    if differs == ["code"]:
        return f"The app at Modal has TabRL {wanted['tabrl']} with other code than is here."
    said = [
        f"{names[name]} {tags.get(name, 'of an unknown version')}, and here is {wanted[name]}"
        for name in differs
        if name != "code"
    ]
    return f"The app at Modal has {'; '.join(said)}." if said else ""


def deploy(lock: Path, *, gpu: bool) -> str:
    """Build the image and deploy the app; the address of its page.

    Raises:
        TabRLError: Modal or a token is missing, there is no lock file, or Modal refuses.
    """
    if not lock.is_file():
        raise TabRLError(
            f"There is no lock file {lock}.",
            "Run it in a clone of TabRL, or name one with --lock.",
        )
    cloud = Cloud()
    os.environ["TABRL_MODAL_LOCK"] = str(lock)
    if gpu:
        os.environ["TABRL_MODAL_GPU"] = "1"
    from tabrl.executors.modal_app import app

    with closing(cloud), _in_words(), cloud._modal.enable_output():
        try:
            app.deploy(client=cloud._client)
        except cloud._modal.exception.RemoteError as error:
            raise TabRLError(f"Modal could not build the image: {error}") from error
        return str(app.get_dashboard_url())


@contextmanager
def _in_words(missing: str = "", mend: str = "") -> Iterator[None]:
    """Turn Modal's errors into ours; `missing` and `mend` say what it means that something is not
    found.
    """
    from modal import exception

    try:
        yield
    except TabRLError:
        raise
    except exception.NotFoundError as error:
        if not missing:
            raise TabRLError(f"Modal does not find it: {error}", DEPLOY) from error
        raise TabRLError(missing, mend) from error
    except exception.AuthError as error:
        said = str(error).split(".")[0]
        if "missing" in said.lower():
            raise TabRLError(
                "There is no token for Modal here.", "Run `modal token new`."
            ) from error
        raise Unreachable(
            f"Modal does not accept the token: {said}.",
            "Run `modal token new`, and start TabRL again.",
        ) from error
    except FileNotFoundError:
        raise
    except (exception.Error, OSError) as error:
        said = str(error).strip() or type(error).__name__
        away = isinstance(error, (*_away(), OSError))
        if away:
            hint = "Is there a network? See status.modal.com."
            raise Unreachable(f"Modal does not answer: {said}", hint) from error
        raise TabRLError(f"Modal refuses: {said}", "`tabrl doctor modal` looks why.") from error


def _away() -> tuple[type[Exception], ...]:
    """What the SDK raises where Modal cannot be reached, or is not well."""
    from modal import exception

    return (
        exception.ClientClosed,
        exception.ConnectionError,
        exception.InternalError,
        exception.ResourceExhaustedError,
        exception.ServiceError,
        exception.TimeoutError,
    )
