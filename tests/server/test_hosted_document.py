"""What the document allows and forbids breaks no hosted studio, whoever asks."""

import os
import subprocess
import sys

import pytest

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
LEAVING = ("delete_account", "sign_out")  # after which all the rest would be asked by nobody


@pytest.mark.parametrize(
    "who", ["maker", *(pytest.param(w, marks=pytest.mark.nightly) for w in ("owner", "viewer", ""))]
)
def test_no_request_of_anybody_breaks_a_hosted_studio(hosted, tmp_path, who):
    """Schemathesis: every operation by a browser that is signed in, or by one that is not; but for
    those of the gallery, which are the same for everybody, and asked of a studio without accounts.
    """
    hosted.person("owner")
    browser = hosted.browser(hosted.person(who) if who else None)
    assert browser.get("/api/openapi.json").status_code == 200  # takes long once
    headers = [f"{name}: {browser.headers[name]}" for name in ("Origin", "Cookie")
               if name in browser.headers]  # fmt: skip
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{hosted.origin}/api/openapi.json"),
        *(option for header in headers for option in ("--header", header)),
        *(option for name in LEAVING for option in ("--exclude-operation-id", name)),
        *("--exclude-tag", "playground"),
        *("--checks", ",".join(CHECKS), "--max-examples", "1", "--seed", "1"),
        *("--generation-deterministic", "--suppress-health-check", "all"),
        *("--request-timeout", "120", "--no-color", "--report-dir", str(tmp_path)),
    ]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, env=os.environ | {"COLUMNS": "200"}
    )
    assert done.returncode == 0, done.stdout[-20_000:]
