"""Who may ask: pages of this site alone, and from elsewhere only those who have the token."""

import pytest

from tabrl.server.serve import is_loopback

FINE = {"robot": "CartpoleBalance", "source": "def reward(s):\n    return {'t': s.time}\n"}
CHECK = "/api/training/check"
TOKEN = "a-token-of-the-tests"


@pytest.fixture(scope="module")
def public(start):
    """A server that other machines could reach."""
    return start(token=TOKEN, address="https://robots.example")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::1", "10.0.0.1"])
def test_another_name_for_this_machine_is_refused(site, host):
    """So that a page elsewhere, whose name resolves to 127.0.0.1, reads nothing."""
    answer = site.http.get("/api/health", headers={"Host": host})
    assert answer.status_code == 403
    assert answer.json()["hint"]


@pytest.mark.parametrize("host", ["localhost:5173", "127.0.0.1", "[::1]:8000", "tabrl.localhost"])
def test_names_of_this_machine_are_answered(site, host):
    assert site.http.get("/api/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://[broken"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_site_changes_nothing(site, headers):
    assert site.http.post(CHECK, json=FINE, headers=headers).status_code == 403


def test_our_own_page_may(site):
    headers = {"Origin": f"http://{site.at}", "Sec-Fetch-Site": "same-origin"}
    assert site.http.post(CHECK, json=FINE, headers=headers).status_code == 200


def test_every_answer_is_safe_to_open(site, taught):
    for path in ("/", "/api/health", taught["approaches"][0]["files"]["clip"], "/nothing"):
        headers = site.http.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        policy = headers["content-security-policy"]
        assert "unsafe-eval" not in policy
        assert policy.startswith("default-src")


def test_what_changes_something_needs_the_token(public):
    answer = public.http.post(CHECK, json=FINE)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    for wrong in ("", "Bearer", "Bearer x", f"Basic {TOKEN}"):
        headers = {"Authorization": wrong}
        assert public.http.post(CHECK, json=FINE, headers=headers).status_code == 401
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert public.http.post(CHECK, json=FINE, headers=headers).status_code == 200


def test_every_operation_that_changes_something_needs_it(public, site):
    paths = site.json("GET", "/api/openapi.json")["paths"]
    for path, operations in paths.items():
        for method in operations.keys() & {"post", "put", "patch", "delete"}:
            answer = public.http.request(method.upper(), path.replace("{id}", "x"))
            assert answer.status_code == 401, (method, path)


def test_the_list_that_tells_ids_needs_it_and_a_shared_link_does_not(public, site, taught):
    assert public.http.get("/api/experiments").status_code == 401
    share = site.json("POST", f"/api/experiments/{taught['id']}/share")["share_id"]
    assert public.http.get(f"/api/shared/{share}").status_code == 200
    assert public.http.get("/api/playground/models").status_code == 200


def test_the_token_in_the_address_becomes_a_cookie_once(public):
    answer = public.http.get(f"/experiments?token={TOKEN}&q=aloha")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/experiments?q=aloha"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    headers = {"Cookie": cookie.split(";")[0]}
    assert public.http.get("/api/experiments", headers=headers).status_code == 200
    assert public.http.get("/?token=wrong").status_code == 200  # the page, and no cookie
    assert "set-cookie" not in public.http.get("/?token=wrong").headers


def test_no_address_sends_a_browser_elsewhere(public):
    answer = public.http.get(f"//evil.example?token={TOKEN}")
    assert answer.status_code in (303, 404)
    assert not answer.headers.get("location", "/x").startswith("//")


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("127.8.8.8", True),
     ("0.0.0.0", False), ("::", False), ("192.168.1.5", False), ("studio.example", False)],
)  # fmt: skip
def test_which_addresses_only_this_machine_reaches(host, alone):
    assert is_loopback(host) is alone
