"""How the studio is."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from tabrl.server.accounts.gate import may
from tabrl.server.models.experiments import Health
from tabrl.server.problems import content
from tabrl.server.services import TheEngine, TheViews

router = APIRouter(tags=["health"])


@router.get("/api/health", dependencies=[may("studio.see")])
async def health(engine: TheEngine, views: TheViews) -> Health:
    """Whether the studio is well, and how busy it is."""
    return views.health(engine)


@router.get("/api/openapi.json", dependencies=[may("studio.see")], include_in_schema=False)
async def openapi(request: Request) -> JSONResponse:
    """What may be asked, as a document."""
    return JSONResponse(request.app.openapi())


@router.get(
    "/metrics",
    dependencies=[may("studio.measure")],
    response_class=Response,
    responses=content("text/plain"),
)
async def metrics(request: Request) -> Response:
    """Prometheus metrics."""
    registry = request.app.state.meters.registry
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
