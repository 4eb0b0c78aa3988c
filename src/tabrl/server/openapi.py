"""The API as a document: `python -m tabrl.server.openapi` writes `web/openapi.json`.

Messages of WebSockets are in it as `LiveMessage`, `PlayAsk` and `PlayFrame`, so that the types of
the page come from one place; what its forms ask for is in `web/src/api/fields.json`, with names,
defaults and bounds.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema

from tabrl.playing.asks import PlayAsk, PlayFrame
from tabrl.server.accounts.gate import gate_of
from tabrl.server.examples import illustrate
from tabrl.server.models.live import LiveMessage
from tabrl.server.models.problem import ProblemDetails
from tabrl.server.problems import responses

PATH, FIELDS = Path("web/openapi.json"), Path("web/src/api/fields.json")
_FORMS = {
    "settings": ("HyperparametersInput", None),
    "request": ("TeachRequest", ("approaches", "seed")),
}
_REF = "#/components/schemas/{model}"


def operation_id(route: APIRoute) -> str:
    """Names an operation by its function: `list_robots`."""
    return route.name


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of `app` with live messages and problem documents."""
    made = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    _tell_refusals(made, app)
    _drop_fastapis_errors(made)
    _drop_null_from_parameters(made)
    told = (LiveMessage, PlayAsk, PlayFrame, ProblemDetails)
    _, extra = models_json_schema([(each, "serialization") for each in told], ref_template=_REF)
    made = _plain_names(made)
    schemas = made["components"]["schemas"]
    made["components"]["schemas"] = dict(sorted((extra["$defs"] | schemas).items()))
    illustrate(made)
    _say_errors_once(made)
    return made


def _tell_refusals(made: dict[str, Any], app: FastAPI) -> None:
    """What the table of `rules` may refuse on a studio with accounts."""
    for route in app.state.routes:
        gate = gate_of(route)
        if gate is None or not getattr(route, "include_in_schema", False):
            continue
        often = gate.rule.per_minute is not None or gate.rule.keeps
        for method in route.methods:
            operation = made["paths"][route.path_format][method.lower()]
            for status, told in responses(401, 403, *((429,) if often else ())).items():
                operation["responses"].setdefault(str(status), told)


def _drop_fastapis_errors(made: dict[str, Any]) -> None:
    """Errors are problem documents, which each route declares."""
    for name in ("HTTPValidationError", "ValidationError"):
        made["components"]["schemas"].pop(name, None)
    for operations in made["paths"].values():
        for operation in operations.values():
            if "422" in operation["responses"]:
                operation["responses"]["422"] = responses(422)[422]


def _drop_null_from_parameters(made: dict[str, Any]) -> None:
    """What stands in an address or a header is text: it is left out, and never null."""
    for operations in made["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                schema = parameter["schema"]
                kinds = [kind for kind in schema.pop("anyOf", ()) if kind != {"type": "null"}]
                for kind in kinds:
                    schema |= kind


def _say_errors_once(made: dict[str, Any]) -> None:
    """Each problem stands among the document's parts, and operations point at it."""
    told = made["components"].setdefault("responses", {})
    for operations in made["paths"].values():
        for operation in operations.values():
            answers = operation["responses"]
            for status in [status for status in answers if status >= "400"]:
                name = f"Problem{status}"
                if told.setdefault(name, answers[status]) == answers[status]:
                    answers[status] = {"$ref": f"#/components/responses/{name}"}
    made["components"]["responses"] = dict(sorted(told.items()))


def _plain_names(made: dict[str, Any]) -> dict[str, Any]:
    """What is answered has its plain name; `-Input` marks what differs where it is asked."""
    text = json.dumps(made)
    text = re.sub(r'([A-Za-z]+)-Output(?=")', r"\1", text)
    plain: dict[str, Any] = json.loads(re.sub(r'([A-Za-z]+)-Input(?=")', r"\1Input", text))
    return plain


def fields(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What the page's forms ask for: title, words, type, default and bounds of each field."""
    schemas = made["components"]["schemas"]
    return {
        form: {
            name: _field(schema)
            for name, schema in schemas[model]["properties"].items()
            if names is None or name in names
        }
        for form, (model, names) in _FORMS.items()
    }


def _field(schema: dict[str, Any]) -> dict[str, Any]:
    """An exclusive bound of a number stays one for the server alone: a form knows no such thing."""
    kinds = schema.get("anyOf", [schema])
    kind = kinds[0]
    made: dict[str, Any] = {"title": schema["title"], "type": kind["type"]}
    made |= {name: schema[name] for name in ("description", "default") if name in schema}
    for bound, inward in (("minimum", 1), ("maximum", -1)):
        exclusive = f"exclusive{bound.capitalize()}"
        if bound in kind:
            made[bound] = kind[bound]
        elif exclusive in kind:
            made[bound] = kind[exclusive] + (inward if kind["type"] == "integer" else 0)
    return made | {"optional": {"type": "null"} in kinds}


def main() -> None:
    from tabrl.server.app import routes

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()
    made = document(routes())
    for path, what in ((PATH, made), (FIELDS, fields(made))):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(what, indent=1, ensure_ascii=False) + "\n"
        (folder / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
