"""A share link names an address that others can open, or says that there is none."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

sys.path.append(str(Path(__file__).parent))
from test_serving import ACTS, ROBOT, Served, starting

PUBLIC = "https://robots.example"


@pytest.fixture
def serve(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Served]]:
    """Starts `tabrl serve` with the variables that the test names."""
    variables = getattr(request, "param", {})
    with starting(
        tmp_path, TABRL_WORKER_HANDLERS="small_acts", PYTHONPATH=ACTS, **variables
    ) as start:
        yield start


def shared(served: Served, **headers: str) -> dict:
    """The share link of a new draft, as its owner asks for it."""
    if token := re.search(r"\?token=(\S+)", served.said):
        headers["Authorization"] = f"Bearer {token[1]}"
    body = {"robot": ROBOT, "sentence": "Spin", "approaches": 1}
    made = served.http.post("/api/training/approaches", json=body, headers=headers).json()
    return served.http.post(f"/api/experiments/{made['id']}/share", headers=headers).json()


def test_a_studio_of_this_computer_alone_says_so_and_how_to_share(serve):
    served = serve()
    link = shared(served)
    assert link["url"] == f"http://127.0.0.1:{served.http.base_url.port}/s/{link['share_id']}"
    assert "tabrl serve --host 0.0.0.0" in link["hint"]
    assert httpx.get(link["url"]).status_code == 200


def test_a_studio_on_the_network_names_its_address_there(serve):
    served = serve("--host", "0.0.0.0")
    link = shared(served, **{"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    assert link["hint"] is None
    url = httpx.URL(link["url"])
    assert url.host not in ("0.0.0.0", "localhost", "127.0.0.1")
    assert url.port == served.http.base_url.port
    page = httpx.get(url)
    assert page.status_code == 200
    assert httpx.get(url.copy_with(path=f"/api/shared/{link['share_id']}")).status_code == 200
    assert "evil.example" not in page.text
    assert link["url"].removesuffix(f"/s/{link['share_id']}") in served.said


@pytest.mark.parametrize("serve", [{"TABRL_PUBLIC_URL": f"{PUBLIC}/"}], indirect=True)
def test_behind_a_proxy_links_have_its_address_and_changes_need_the_token(serve):
    """The proxy asks on loopback, by the public name or by ours."""
    served = serve()
    link = shared(served)
    assert (link["url"], link["hint"]) == (f"{PUBLIC}/s/{link['share_id']}", None)
    page = served.http.get(f"/s/{link['share_id']}", headers={"Host": "robots.example"})
    assert f'content="{PUBLIC}/api/' in page.text
    path = f"/api/shared/{link['share_id']}/vote"
    assert served.http.post(path, json={"approach": None}).status_code == 401
    token = re.search(r"\?token=(\S+)", served.said)[1]
    for origin, status in ((PUBLIC, 200), ("https://evil.example", 403)):
        headers = {"Authorization": f"Bearer {token}", "Origin": origin}
        answer = served.http.post(path, json={"approach": None}, headers=headers)
        assert answer.status_code == status
