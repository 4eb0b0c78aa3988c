"""The application: guards, routes, problem documents and the page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware

from tabrl import __version__
from tabrl.experiments.additions import Additions
from tabrl.experiments.engine import Engine
from tabrl.server import live, page, problems
from tabrl.server.accounts.accounts import Accounts
from tabrl.server.accounts.gate import refuse_open
from tabrl.server.accounts.trail import Trail
from tabrl.server.exhibition import Exhibition
from tabrl.server.guard import Guard
from tabrl.server.logs import Watched
from tabrl.server.metrics import Meters
from tabrl.server.openapi import document, operation_id
from tabrl.server.players import Players
from tabrl.server.routes import (
    accounts,
    experiments,
    explore,
    health,
    models,
    people,
    playground,
    robots,
    shared,
    training,
    videos,
)
from tabrl.server.views import Views
from tabrl.server.wire import Compressed

# `robots` first: in its addresses a robot stands where `playground` has what is asked of one.
ROUTED = (
    *(robots, playground, training, experiments, shared, explore, models, videos),
    *(accounts, people, health, live, page),
)


def create_app(
    engine: Engine,
    *,
    token: str | None = None,
    address: str | None = None,
    hosted: Accounts | None = None,
) -> FastAPI:
    """The application over a studio, which its owner starts and closes.

    Args:
        token: needed for whatever changes something; None where only this machine can connect.
        address: where other machines find it, such as `https://robots.example`; None where only
            this machine can connect.
        hosted: the people who have accounts; None where nobody is asked who they are.
    """
    meters = Meters(engine)
    app = routes()
    app.state.engine, app.state.views, app.state.meters = engine, Views(engine), meters
    app.state.clients, app.state.address, app.state.accounts = set(), address, hosted
    app.state.exhibition = Exhibition(engine, app.state.views, hosted=hosted is not None)
    app.state.players, app.state.additions = Players(engine.settings), Additions()
    app.user_middleware = [
        Middleware(Watched, meters=meters),
        Middleware(Guard, token=token, address=address, studio=engine.tenure.studio),
    ]
    if engine.store.shared_by_studios:
        from tabrl.server.handing import Handing

        app.user_middleware.append(Middleware(Handing, engine=engine))
    app.user_middleware.append(Middleware(Compressed))
    if hosted is not None:
        app.user_middleware.append(Middleware(Trail, people=hosted.people))
    return app


def routes() -> FastAPI:
    """The application's routes, and the document that describes them, without a studio."""
    app = FastAPI(
        title="TabRL",
        version=__version__,
        description="Describe a behaviour in a sentence and watch several trained robots do it.",
        generate_unique_id_function=operation_id,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # its route is one of ours
        lifespan=_lifespan,
    )
    problems.install(app)
    app.state.routes = []
    for module in ROUTED:
        app.include_router(module.router)
        app.state.routes += module.router.routes
    refuse_open(app.state.routes)
    app.router.default = page.built
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]
    return app


def _document(app: FastAPI) -> dict[str, Any]:
    if not app.openapi_schema:
        app.openapi_schema = document(app)
    return app.openapi_schema


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Say goodbye to those who watch when the server stops."""
    yield
    for client in list(app.state.clients):
        client.close()
    app.state.players.end()
    app.state.additions.close()
