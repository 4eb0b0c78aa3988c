"""The page: built files, and `index.html` for every route of it."""

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from tabrl.errors import NotFoundError
from tabrl.server.files import FOREVER

STATIC = Path(str(files("tabrl.server"))) / "static"
MISSING = """<!doctype html><html lang="en"><meta charset="utf-8"><title>TabRL</title>
<p>The page is not built: run <code>make web</code>. The API answers under
<a href="/api/health">/api</a>.</p></html>"""

router = APIRouter(include_in_schema=False)


@router.get("/")
@router.get("/experiments")
@router.get("/experiments/{id}")
@router.get("/s/{share_id}")
@router.get("/library")
async def index() -> Response:
    """The page; its own router shows what the address says."""
    path = STATIC / "index.html"
    if not path.is_file():
        return HTMLResponse(MISSING)
    return FileResponse(path, headers={"Cache-Control": "no-cache"})


async def built(scope: Scope, receive: Receive, send: Send) -> None:
    """Serves the built files where no route matches. Those in `assets` carry a hash of their
    content in their names.
    """
    if scope["type"] != "http":
        await receive()
        await send({"type": "websocket.close", "code": 1000})
        return
    path = _inside(scope["path"].lstrip("/")) if scope["method"] in ("GET", "HEAD") else None
    if path is None:
        raise NotFoundError("There is nothing here.", "The studio is at /.")
    hashed = scope["path"].startswith("/assets/")
    headers = {"Cache-Control": FOREVER if hashed else "no-cache"}
    await FileResponse(path, headers=headers)(scope, receive, send)


def _inside(name: str) -> Path | None:
    """The file of this name below the built page, or None."""
    if "\0" in name or len(name) > 300 or any(part.startswith(".") for part in name.split("/")):
        return None
    try:
        path = (STATIC / name).resolve()
        return path if path.is_relative_to(STATIC.resolve()) and path.is_file() else None
    except (OSError, ValueError):
        return None
