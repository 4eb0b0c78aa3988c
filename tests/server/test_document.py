"""The document is true: it is what is in the repository, and what the server does."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest

from tabrl.experiments.validate import MAX_APPROACHES
from tabrl.server.app import routes
from tabrl.server.checking import trace
from tabrl.server.openapi import FIELDS, PATH, document, fields
from tabrl.spec import Hyperparameters

ROOT = Path(__file__).parents[2]
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "use_after_free",
)


@pytest.fixture(scope="module")
def described() -> dict:
    return document(routes())


def operations(described: dict) -> list[tuple[str, str, dict]]:
    return [
        (path, method, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_document_in_the_repository_is_the_server_s(described):
    stored = json.loads((ROOT / PATH).read_text("utf-8"))
    assert stored == described, "run `make gen`"


def test_the_page_s_forms_ask_for_what_the_document_takes(described):
    stored = json.loads((ROOT / FIELDS).read_text("utf-8"))
    assert stored == fields(described), "run `make gen`"
    settings = stored["settings"]
    assert settings.keys() == Hyperparameters.model_fields.keys()
    for name, default in Hyperparameters():
        shown = settings[name].get("default")
        assert (tuple(shown) if isinstance(shown, list) else shown) == default, name
    assert stored["request"]["approaches"] == {
        "title": "Approaches", "description": "How many each provider proposes.",
        "default": 3, "type": "integer", "minimum": 1, "maximum": MAX_APPROACHES,
        "optional": False,
    }  # fmt: skip
    assert stored["request"]["seed"]["maximum"] == 2**31 - 1


def shown(media: dict, described: dict) -> list:
    """The examples of what travels, which are what its schema says."""
    whole = {"components": described["components"], **media["schema"]}
    names = [example["$ref"].rpartition("/")[2] for example in media.get("examples", {}).values()]
    found = [described["components"]["examples"][name]["value"] for name in names]
    for value in found:
        jsonschema_rs.Draft202012Validator(whole).validate(value)
    return found


def test_every_operation_has_a_name_of_its_own_and_words(described):
    names = [operation["operationId"] for _, _, operation in operations(described)]
    assert len(names) == len(set(names))
    for path, method, operation in operations(described):
        assert operation["summary"], (path, method)
        assert operation["description"], (path, method)


def test_every_request_and_every_answer_has_an_example(described):
    for path, method, operation in operations(described):
        request = operation.get("requestBody", {"content": {}})
        answers = [r for status, r in operation["responses"].items() if status < "400"]
        assert answers, (path, method)
        for answer in [request, *answers]:
            for kind, media in answer.get("content", {}).items():
                if kind == "application/json":
                    assert shown(media, described), (path, method, kind)
                else:
                    assert media["schema"]["format"] == "binary", (path, method, kind)
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                assert parameter["schema"].get("examples"), (path, parameter["name"])


def test_every_error_is_a_problem_document_with_an_example(described):
    for path, method, operation in operations(described):
        errors = {s: r for s, r in operation["responses"].items() if s >= "400"}
        assert errors or method == "get", path
        for status, reference in errors.items():
            assert reference == {"$ref": f"#/components/responses/Problem{status}"}, (path, method)
            response = described["components"]["responses"][f"Problem{status}"]
            assert list(response["content"]) == ["application/problem+json"], (path, method)
            media = response["content"]["application/problem+json"]
            (example,) = shown(media, described)
            assert example["status"] == int(status), (path, method)


def test_the_reward_of_the_example_is_valid(described):
    approach = described["components"]["examples"]["Experiment"]["value"]["approaches"][0]
    assert trace("Go1JoystickFlatTerrain", approach["source"], approach["weights"]).valid


def test_what_changes_something_tells_of_the_token_and_of_bounds(described):
    for path, method, operation in operations(described):
        if method != "get":
            assert {"401", "403"} <= operation["responses"].keys(), (path, method)


def test_messages_of_the_websocket_are_part_of_it(described):
    kinds = described["components"]["schemas"]["LiveMessage"]["discriminator"]["mapping"]
    assert set(kinds) == {"state", "experiment", "approach", "progress", "deleted"}


def test_every_reference_leads_somewhere(described):
    for kind, name in set(re.findall(r'"#/components/(\w+)/(\w+)"', json.dumps(described))):
        assert name in described["components"][kind], (kind, name)


@pytest.mark.parametrize("examples", [1, pytest.param(12, marks=pytest.mark.nightly)])
def test_no_request_that_the_document_allows_or_forbids_breaks_the_server(
    site, taught, tmp_path, examples
):
    """Schemathesis: every operation with examples, edges, chance and chains of requests."""
    site.http.get("/api/openapi.json", timeout=120)  # made once; Schemathesis waits for 10 s
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run"),
        f"http://{site.at}/api/openapi.json",
        *("--checks", ",".join(CHECKS)),
        *("--max-examples", str(examples), "--seed", "1", "--generation-deterministic"),
        *("--request-timeout", "120", "--no-color", "--report-dir", str(tmp_path)),
        *("--suppress-health-check", "all"),
    ]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, env=os.environ | {"COLUMNS": "200"}
    )
    assert done.returncode == 0, done.stdout[-20_000:]
