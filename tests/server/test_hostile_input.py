"""Whatever is sent, the answer is a problem document below 500, and the studio lives on."""

import json
import socket

import pytest

CHECK, TEACH = "/api/training/check", "/api/training/approaches"
FINE = {"robot": "CartpoleBalance", "sentence": "Balance"}


def assert_problem(answer) -> None:
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"]


@pytest.mark.parametrize(
    "change",
    [
        {"robot": "Go1Joystik"},
        {"robot": "../../etc/passwd"},
        {"robot": 7},
        {"robot": None},
        {"sentence": ""},
        {"sentence": " \n\t "},
        {"sentence": "x" * 2001},
        {"sentence": ["a", "list"]},
        {"sentence": "\0"},
        {"approaches": 0},
        {"approaches": 10},
        {"approaches": 1e300},
        {"approaches": "three"},
        {"steps": 0},
        {"steps": 10**30},
        {"steps": 10, "preset": "quick"},
        {"preset": "forever"},
        {"seed": -1},
        {"seed": 2**31},
        {"providers": []},
        {"providers": ["oracle"]},
        {"providers": ["builtin"] * 9},
        {"hyperparameters": {"num_envs": 100, "num_minibatches": 7}},
        {"hyperparameters": {"num_envs": 65536, "unroll_length": 1000}},
        {"hyperparameters": {"hidden": []}},
        {"hyperparameters": {"hidden": [10**9]}},
        {"hyperparameters": {"learning_rate": "fast"}},
        {"hyperparameters": {"num_env": 4}},
        {"unknown": 1},
    ],
    ids=lambda change: json.dumps(change)[:50],
)
def test_a_request_that_is_not_valid_is_a_problem_in_words(site, change):
    assert_problem(site.http.post(TEACH, json=FINE | change))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe\x00",
        b'{"robot": "\xff\xfe", "sentence": "x"}',
        b'{"robot": "CartpoleBalance", "sentence": "\\ud800"}',
        b'{"robot": "CartpoleBalance", "sentence": "x", "seed": NaN}',
        b'{"robot": "CartpoleBalance", "sentence": "x", '
        b'"hyperparameters": {"max_grad_norm": Infinity}}',
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b"1" * 10_000,
    ],
    ids=lambda body: body[:30].decode("latin-1"),
)
def test_a_body_that_is_no_request_is_a_problem(site, body):
    for kind in ("application/json", "text/plain", "multipart/form-data", "\xff"):
        headers = {"Content-Type": kind.encode("latin-1")}
        assert_problem(site.http.post(TEACH, content=body, headers=headers))


def test_a_huge_body_is_refused_before_it_is_read(site):
    source = "#" * 300_000
    answer = site.http.post(CHECK, json={"robot": "CartpoleBalance", "source": source})
    assert answer.status_code == 413
    assert_problem(answer)


def test_a_huge_body_without_a_length_is_refused_too(site):
    answer = site.http.post(CHECK, content=(b"x" * 10_000 for _ in range(100)))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/api/experiments/..%2f..%2fsecret",
        "/api/experiments/%00",
        "/api/experiments/" + "a" * 5000,
        "/api/experiments/{id}/approaches/..%2f..%2f/policy",
        "/api/experiments/{id}/approaches/1-x%2f..%2f..%2f/trajectory",
        "/api/videos/..%2f..%2f..%2fetc%2fpasswd",
        "/api/videos/%2e%2e%2ftabrl.db",
        "/api/videos/" + "A" * 24,
        "/api/shared/%ff%fe",
        "/api/shared/library-..%2f..%2fpolicies",
        "/api/shared/library-nothing",
        "/api/playground/%ff/info",
        "/api/playground/..%2frobots.toml/thumbnail",
        "/api/training/x.y/status",
        "/api/experiments?limit=0",
        "/api/experiments?limit=1e9",
        "/api/experiments?cursor=AAAA",
        "/api/experiments?cursor=%ff%fe",
        "/api/experiments?q=" + "x" * 300,
    ],
)
def test_no_path_of_the_api_leads_out_of_what_is_served(site, taught, path):
    answer = site.http.get(path.replace("{id}", taught["id"]))
    assert_problem(answer)
    assert b"root:" not in answer.content


@pytest.mark.parametrize(
    "path",
    [
        "/assets/..%2f..%2fapp.py",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/app.py",
        "/.env",
        "/.vite/manifest.json",
        "/static/%00",
        "/s/%00",
        "/experiments/..%2f..",
        "/s/" + "x" * 5000,
    ],
)
def test_no_address_of_the_page_leads_out_of_what_is_served(site, path):
    answer = site.http.get(path)
    assert answer.status_code == 404
    assert answer.text == site.http.get("/").text


def test_a_method_that_is_not_there_is_told_what_is(site, taught):
    for path, there in ((f"/api/experiments/{taught['id']}", "DELETE, GET"), ("/", "GET, HEAD")):
        answer = site.http.put(path)
        assert_problem(answer)
        assert (answer.status_code, answer.headers["allow"]) == (405, there)


@pytest.mark.parametrize("method", ["PUT", "TRACE", "BREW"])
def test_a_method_that_is_not_there_is_a_problem(site, method):
    assert_problem(site.http.request(method, "/api/health"))


def test_odd_words_in_a_search_find_nothing_and_break_nothing(site):
    for words in ("%", "_", "'; DROP TABLE experiments;--", "\\", "🤖", "\ufffe"):
        assert site.http.get("/api/experiments", params={"q": words}).status_code == 200


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n",
        b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: \xff\xfe=;;=\xff\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET " + b"/" * 100_000 + b" HTTP/1.1\r\n\r\n",
    ],
    ids=["negative length", "odd cookie", "TLS", "long line"],
)
def test_broken_http_does_not_stop_the_server(site, raw):
    host, port = site.at.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(4096)
    assert b" 500 " not in answer.split(b"\r\n")[0]
    assert site.json("GET", "/api/health")["status"] == "ok"


def test_a_sentence_of_any_script_is_kept_as_it_is(site):
    for sentence in ("<script>alert(1)</script>", "回転して 🤖", "%s {x} {{y}} ${z}"):
        made = site.propose(sentence=sentence, approaches=1)
        assert made["sentence"] == sentence
