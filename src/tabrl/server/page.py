"""The page: built files, and `index.html` for each of its addresses, with what a preview shows."""

import re
from collections.abc import Callable
from hashlib import sha256
from html import escape
from importlib.resources import files
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from tabrl.errors import BusyError, NotFoundError
from tabrl.experiments.engine import Live
from tabrl.server.accounts.gate import allows, may
from tabrl.server.accounts.things import of
from tabrl.server.files import FOREVER, is_known
from tabrl.server.guard import WORKER_POLICY
from tabrl.server.models.experiments import ExperimentSummary
from tabrl.server.services import SHARE, TheEngine, TheOrigin, TheViews
from tabrl.server.views import Views
from tabrl.server.wire import accepted

STATIC = Path(str(files("tabrl.server"))) / "static"
MISSING = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>TabRL</title></head>
<p>The page is not built: run <code>make web</code>. The API answers under
<a href="/api/health">/api</a>.</p></html>"""
KINDS = {
    ".js": "text/javascript",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}  # whatever this machine calls them
PACKED = {"br": ".br", "gzip": ".gz"}  # made when the page is built, the smallest first
LONGEST = 200  # characters of a sentence in a preview
_TITLE = re.compile("<title>.*?</title>")

router = APIRouter(include_in_schema=False)
READ = ["GET", "HEAD"]
SEE = [may("studio.see")]


@router.api_route("/", dependencies=SEE, methods=READ)
@router.api_route("/experiments", dependencies=SEE, methods=READ)
@router.api_route("/sign-in", dependencies=SEE, methods=READ)
@router.api_route("/join", dependencies=SEE, methods=READ)
@router.api_route("/account", dependencies=SEE, methods=READ)
@router.api_route("/people", dependencies=SEE, methods=READ)
@router.api_route("/explore", dependencies=SEE, methods=READ)
@router.api_route("/library", dependencies=SEE, methods=READ)
async def index(request: Request) -> Response:
    """The page; its own router shows what the address says."""
    return _page(request)


@router.api_route("/experiments/{id}", dependencies=SEE, methods=READ)
def experiment(
    id: str, request: Request, engine: TheEngine, views: TheViews, origin: TheOrigin
) -> Response:
    """The page of an experiment, and what a link to it shows in a chat."""

    def found() -> Live:
        live = engine.find(id)
        if not allows(request, "experiment.see", of(live)):
            raise NotFoundError("There is no such experiment.")  # so that nobody is told of it
        return live

    return _about(found, request, views, origin)


@router.api_route("/s/{id}", dependencies=SEE, methods=READ)
def shared(
    id: str, request: Request, engine: TheEngine, views: TheViews, origin: TheOrigin
) -> Response:
    """The page of a shared experiment, and what a link to it shows in a chat."""
    return _about(lambda: engine.shared(id), request, views, origin)


async def built(scope: Scope, receive: Receive, send: Send) -> None:
    """Serves the built files where no route matches, and the page's own words where none fits."""
    if scope["type"] != "http":
        await receive()
        await send({"type": "websocket.close", "code": 1000})
        return
    request, path = Request(scope), scope["path"]
    if scope["method"] not in READ or path == "/api" or path.startswith("/api/"):
        raise NotFoundError("There is nothing here.", "The studio is at /.")
    file = _inside(path.lstrip("/"))
    response = _file(file, request) if file else _page(request, status=404)
    await response(scope, receive, send)


def _about(find: Callable[[], Live], request: Request, views: Views, origin: str) -> Response:
    """The page of an experiment; what is not there, or not to be had now, the page says itself."""
    try:
        if not re.fullmatch(SHARE, request.path_params["id"]):
            return _page(request, status=404)
        summary = views.summary(find())
    except BusyError:
        return _page(request, status=503)
    except NotFoundError:
        return _page(request, status=404)
    return _page(request, _preview(summary, origin, request.url.path))


def _page(request: Request, preview: str = "", status: int = 200) -> Response:
    """`index.html`, whose title and preview are those of what the address names."""
    path = STATIC / "index.html"
    text = path.read_text("utf-8") if path.is_file() else MISSING
    if preview:
        text = _TITLE.sub("", text, count=1).replace("</head>", f"{preview}</head>", 1)
    response = HTMLResponse(text, status)
    return _unless_known(response, "no-cache", request)


def _file(path: Path, request: Request) -> Response:
    """A built file as small as the browser takes it; one in `assets` has a hash in its name."""
    kind = KINDS.get(path.suffix) or guess_type(path.name)[0]
    caching = FOREVER if path.parent.name == "assets" else "no-cache"
    headers = {"Vary": "Accept-Encoding"}
    if path.name.startswith("worker-"):
        headers["Content-Security-Policy"] = WORKER_POLICY
    for encoding in [name for name in PACKED if name in accepted(request.headers)]:
        packed = path.with_name(path.name + PACKED[encoding])
        if packed.is_file():
            path, headers["Content-Encoding"] = packed, encoding
            break
    response = Response(path.read_bytes(), headers=headers, media_type=kind)
    return _unless_known(response, caching, request)


def _unless_known(response: Response, caching: str, request: Request) -> Response:
    """The response, or 304 where the browser has it."""
    tag = f'"{sha256(response.body).hexdigest()[:20]}"'
    headers = {"ETag": tag, "Cache-Control": caching}
    if response.status_code == 200 and is_known(tag, request.headers.get("if-none-match")):
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


def _preview(seen: ExperimentSummary, origin: str, at: str) -> str:
    """The title of an experiment's page at the path `at`, and the tags that chats read.

    The sentence is a stranger's: it is escaped wherever it stands.
    """
    words = " ".join(seen.sentence.split())
    title = f"“{words if len(words) <= LONGEST else words[: LONGEST - 1] + '…'}”"
    image = seen.poster or f"/api/playground/{quote(seen.robot)}/thumbnail"
    size = (640, 480) if seen.poster else (480, 360)
    tags = {
        "og:site_name": "TabRL",
        "og:type": "website",
        "og:title": title,
        "og:description": _learned(seen),
        "og:url": origin + at,
        "og:image": origin + image,
        "og:image:width": str(size[0]),
        "og:image:height": str(size[1]),
        "twitter:card": "summary_large_image",
    }
    lines = [f'<meta property="{name}" content="{escape(text)}" />' for name, text in tags.items()]
    return "\n".join([f"<title>{escape(title)} · TabRL</title>", *lines, ""])


def _learned(seen: ExperimentSummary) -> str:
    """What became of the sentence, in a line."""
    count = sum(approach.verdict is not None for approach in seen.approaches)
    if count == 0:
        return f"{seen.robot_name} is about to learn it."
    if count == 1:
        return f"{seen.robot_name} learned it. Watch the clip."
    return f"{seen.robot_name} learned it in {count} ways. Watch them side by side."


def _inside(name: str) -> Path | None:
    """The file of this name below the built page, or None."""
    if "\0" in name or len(name) > 300 or any(part.startswith(".") for part in name.split("/")):
        return None
    try:
        path = (STATIC / name).resolve()
        return path if path.is_relative_to(STATIC.resolve()) and path.is_file() else None
    except (OSError, ValueError):
        return None
