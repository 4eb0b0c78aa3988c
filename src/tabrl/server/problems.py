"""Every error leaves as a problem document."""

import errno
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route
from starlette.websockets import WebSocket

from tabrl.errors import (
    BusyError,
    ConflictError,
    NotAllowedError,
    NotFoundError,
    SignInError,
    TabRLError,
    TooManyError,
)
from tabrl.server.models.problem import FieldProblem, ProblemDetails

MEDIA_TYPE = "application/problem+json"
STATUS: dict[type[TabRLError], int] = {
    SignInError: 401,
    NotAllowedError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    TooManyError: 429,
    BusyError: 503,
}
CLOSED = {401: 4401, 403: 4403, 404: 4404, 429: 1013, 503: 1013}
"""How a WebSocket is closed in place of these."""
WHOLE = (
    "get_experiment",
    "share_experiment",
    "duplicate_experiment",
    "experiment_report",
    "delete_experiment",
)
PART = ("edit_approach", "approach_trajectory", "approach_policy")
JOB = ("training_status", "cancel_training", "retry_training")
FULL = (errno.ENOSPC, errno.EDQUOT)
BINARY = {"type": "string", "format": "binary"}
MEANING = {
    400: "The request cannot be read",
    401: "The access token or the sign-in is missing or wrong",
    403: "The request comes from another site, or from somebody who may not do it",
    404: "There is no such thing",
    409: "Its present state does not allow it",
    413: "The body is too large",
    416: "The file has no such range",
    422: "The request is not valid",
    429: "It was asked for too often, or a quota is used up",
    503: "The machine is too busy, or the studio is stopping",
}


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's `responses` of these statuses, all of them problem documents."""
    return {
        status: {
            "description": MEANING[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
        }
        for status in sorted(statuses)
    }


def content(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's `responses` of a route that answers with a file."""
    return {200: {"content": {kind: {"schema": BINARY} for kind in kinds}}}


def links(status: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's links from an experiment to what can be done with it."""
    id, approach = "$response.body#/id", "$response.body#/approaches/0/id"
    job = "$response.body#/approaches/0/job_id"
    whole, part = {"id": id}, {"id": id, "approach": approach}
    takes: dict[str, dict[str, Any]] = {
        **{name: {"parameters": whole} for name in WHOLE},
        **{name: {"parameters": part} for name in PART},
        **{name: {"parameters": {"job_id": job}} for name in JOB},
        "train_batch": {"requestBody": {"experiment": id}},
        "improve_approach": {"requestBody": {"job_id": job}},
        "render_clip": {"requestBody": {"job_id": job}},
        "show_version": {"parameters": {"job_id": job}, "requestBody": {"version": 1}},
        "vote": {"parameters": whole, "requestBody": {"approach": approach}},
    }
    return {status: {"links": {n: {"operationId": n, **given} for n, given in takes.items()}}}


def shared() -> dict[int | str, dict[str, Any]]:
    """OpenAPI's links from a share link to what others can do with it."""
    parameters = {"share_id": "$response.body#/share_id"}
    names = ("get_shared", "fork_shared", "vote_shared", "shared_report")
    return {200: {"links": {n: {"operationId": n, "parameters": parameters} for n in names}}}


def problem(
    status: int,
    detail: str,
    hint: str = "",
    errors: list[FieldProblem] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """A problem document as a response."""
    body = ProblemDetails(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        hint=hint or None,
        errors=errors,
    )
    return JSONResponse(body.model_dump(), status, headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every exception of `app` with a problem document."""
    app.add_exception_handler(TabRLError, _ours)  # type: ignore[arg-type]  # of both kinds
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OSError, _of_disk)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _unexpected)


async def _ours(request: Request | WebSocket, error: Exception) -> JSONResponse | None:
    assert isinstance(error, TabRLError)
    status = next((s for kind, s in STATUS.items() if isinstance(error, kind)), 422)
    if isinstance(request, WebSocket):
        await request.accept()  # else a browser is not told why
        await request.close(CLOSED.get(status, 1008), error.message[:100])
        return None
    headers = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "5"}}.get(status)
    if isinstance(error, TooManyError) and error.wait_s is not None:
        headers = {"Retry-After": str(error.wait_s)}
    return problem(status, error.message, error.hint, headers=headers)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fields = [
        FieldProblem(loc=".".join(map(str, e["loc"]))[:200], message=str(e["msg"])[:500])
        for e in error.errors()[:20]
    ]
    detail = f"{fields[0].loc}: {fields[0].message}" if fields else MEANING[422]
    return problem(422, detail, "/api/openapi.json tells what each field takes.", fields)


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 405:  # the routes of a path know only of themselves
        headers["Allow"] = ", ".join(sorted(_methods(request)))
    return problem(error.status_code, str(error.detail), headers=headers)


def _methods(request: Request) -> set[str]:
    """What can be asked of this path, by all of its routes."""
    routes = [route for route in request.app.state.routes if isinstance(route, Route)]
    there = [route for route in routes if route.matches(request.scope)[0] != Match.NONE]
    return {method for route in there for method in route.methods or ()}


async def _of_disk(request: Request, error: Exception) -> JSONResponse | None:
    """Files go when their experiment is deleted, and disks become full, at any moment."""
    if isinstance(error, FileNotFoundError):
        return await _ours(
            request, NotFoundError("Its files are gone.", "It was deleted just now.")
        )
    if isinstance(error, OSError) and error.errno in FULL:
        return await _ours(request, BusyError("The disk is full.", "Make room, and try again."))
    raise error


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    return problem(500, "The studio met an error of its own.", "Its log tells more.")
