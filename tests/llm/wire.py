"""Language models on loopback: a server that speaks each provider's protocol as it is documented,
and says, once for each request, what a test has written for it.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from dialects import Act, Fault, Heard, Say, answer, error_body

from tabrl.llm.providers import Kind, Provider

KEY = "sk-loopback-0123456789abcdef"


class Wire:
    """A server of one kind. `acts` are done in order, the last one again and again; a function is
    asked what to do with a request.
    """

    def __init__(self, kind: Kind, *acts: Act | Callable[[Heard], Act]) -> None:
        self.kind, self.acts, self.heard = kind, list(acts), list[Heard]()
        self._lock = threading.Lock()

    def provider(self, **changes: Any) -> Provider:
        """The provider that this server is."""
        known = {"name": self.kind, "kind": self.kind, "model": "loop-1", "key": KEY}
        return Provider.model_validate(known | {"base_url": self.url} | changes)

    @property
    def url(self) -> str:
        port = self._server.server_address[1]
        return f"http://127.0.0.1:{port}{_PREFIX[self.kind]}"

    def act(self, heard: Heard) -> Act:
        """What comes next."""
        with self._lock:
            self.heard.append(heard)
            act = self.acts[0] if len(self.acts) == 1 else self.acts.pop(0)
        return act(heard) if callable(act) else act

    @contextmanager
    def open(self) -> Iterator["Wire"]:
        """Serve, until the block ends."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()


_PREFIX = {
    "anthropic": "",
    "google": "",
    "openai": "/v1",
    "openai-responses": "/v1",
    "deepseek": "",
}
_GEMINI = "/v1beta/models/loop-1"
_PATHS = {
    "anthropic": ("/v1/messages",),
    "openai": ("/v1/chat/completions",),
    "openai-responses": ("/v1/responses",),
    "deepseek": ("/chat/completions",),
    "google": (f"{_GEMINI}:generateContent", f"{_GEMINI}:streamGenerateContent"),
}


def _handler(wire: Wire) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            body = json.loads(self.rfile.read(length) or b"{}")
            headers = {name.lower(): value for name, value in self.headers.items()}
            heard = Heard(self.path, headers, body)
            if self.path.partition("?")[0] not in _PATHS[wire.kind]:
                return self._plain(Fault(404, f"no such path: {self.path}", "not_found_error"))
            act = wire.act(heard)
            try:
                self._plain(act) if isinstance(act, Fault) else self._answer(act, heard)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
            return None

        def _plain(self, fault: Fault) -> None:
            body = error_body(wire.kind, fault) if fault.body is None else fault.body
            self._head(fault.status, fault.content_type, fault.headers)
            self._write([body])

        def _answer(self, say: Say, heard: Heard) -> None:
            time.sleep(say.silence_s)
            pieces = answer(wire.kind, say, heard)
            self._head(200, "text/event-stream" if heard.streams else "application/json", {})
            self._write(pieces, say.pause_s, say.cut)

        def _head(self, status: int, content_type: str, headers: dict[str, str]) -> None:
            self.send_response(status)
            self.send_header("content-type", content_type)
            self.send_header("connection", "close")
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.close_connection = True

        def _write(self, pieces: list[bytes], pause_s: float = 0.0, cut: int | None = None) -> None:
            left = cut
            for piece in pieces:
                self.wfile.write(piece if left is None else piece[:left])
                self.wfile.flush()
                if left is not None and (left := left - len(piece)) <= 0:
                    return
                time.sleep(pause_s)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
