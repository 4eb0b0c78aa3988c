"""The page as it travels: packed, cached, at each of its addresses, with what a preview shows."""

import gzip
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tabrl.server import page

HOSTILE = "\"><script>alert(1)</script>' \\1 \\g<0> & </title></head><b>"

needs_page = pytest.mark.skipif(
    not (page.STATIC / "index.html").exists(), reason="the page is not built: `make web` builds it"
)


class Tags(HTMLParser):
    """The tags of a page, and what its title says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.metas: dict[str, str] = {}
        self.names: list[str] = []
        self.title = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.names.append(tag)
        values = dict(attrs)
        if tag == "meta" and "property" in values:
            self.metas[values["property"]] = values["content"]

    def handle_data(self, data: str) -> None:
        if self.names and self.names[-1] == "title" and not self.title:
            self.title = data


def raw(site, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """An answer, and its bytes as they travelled."""
    with site.http.stream("GET", path, headers=headers) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.fixture(scope="module")
def script() -> Path:
    """The page's largest script."""
    return max(page.STATIC.glob("assets/*.js"), key=lambda path: path.stat().st_size)


@needs_page
@pytest.mark.parametrize(
    ("accepted", "sent"),
    [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"),
     ("identity", None), ("gzip;q=0", None)],
)  # fmt: skip
def test_script_travels_as_small_as_the_browser_takes_it(site, script, accepted, sent):
    answer, data = raw(site, f"/assets/{script.name}", **{"Accept-Encoding": accepted})
    assert answer.headers.get("content-encoding") == sent
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["vary"] == "Accept-Encoding"
    assert len(data) == int(answer.headers["content-length"])
    plain = script.read_bytes()
    if sent is None:
        assert data == plain
    else:
        assert len(data) < 0.4 * len(plain)
        assert sent == "br" or gzip.decompress(data) == plain


@needs_page
def test_what_has_a_hash_in_its_name_is_kept_for_a_year_and_the_page_is_asked_for_again(
    site, script
):
    assert re.search(r"-[\w-]{8}\.js$", script.name)
    answer = site.http.get(f"/assets/{script.name}")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    index = site.http.get("/")
    assert index.headers["cache-control"] == "no-cache"
    for seen in (answer, index):
        again = site.http.get(
            seen.request.url.path, headers={"If-None-Match": seen.headers["etag"]}
        )
        assert (again.status_code, again.content) == (304, b"")


@needs_page
def test_the_page_asks_for_its_first_fonts_at_once(site):
    fonts = re.findall(r'rel="preload" href="(\S+\.woff2)"', site.http.get("/").text)
    assert len(fonts) == 2
    for font in fonts:
        assert site.http.get(font).headers["content-type"] == "font/woff2"


def test_json_travels_small_and_clips_as_they_are(site, taught):
    answer, data = raw(site, "/api/playground/models", **{"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    plain, text = raw(site, "/api/playground/models", **{"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(data) == text
    assert len(data) < len(text) / 3
    assert "content-encoding" not in site.http.get("/api/health").headers  # not worth it
    clip = taught["approaches"][0]["files"]["clip"]
    whole, film = raw(site, clip, **{"Accept-Encoding": "gzip, br"})
    some, piece = raw(site, clip, **{"Accept-Encoding": "gzip, br", "Range": "bytes=2-2001"})
    assert some.status_code == 206
    assert piece == film[2:2002]
    assert not {"content-encoding"} & (whole.headers.keys() | some.headers.keys())


@pytest.mark.parametrize("path", ["/nowhere", "/a/b/c", "/assets/gone-12345678.js", "/s/none"])
def test_an_address_of_nothing_is_the_studio_s_own_page(site, path):
    answer = site.http.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "<title>TabRL" in answer.text
    assert site.http.head(path).status_code == 404


@pytest.mark.parametrize("path", ["/api", "/api/nowhere", "/api/experiments/nowhere1/nothing"])
def test_an_unknown_path_of_the_api_is_a_problem(site, path):
    answer = site.http.get(path)
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_what_changes_nothing_that_is_there_is_a_problem(site):
    assert site.http.post("/nowhere").json()["status"] == 404


@needs_page
def test_a_link_shows_the_sentence_and_a_picture_and_tells_no_id(site, taught):
    share = site.json("POST", f"/api/experiments/{taught['id']}/share")["share_id"]
    answer = site.http.get(f"/s/{share}")
    tags = Tags(answer.text)
    assert tags.metas["og:title"] == "“Keep shaking your hips aloha dude!”"
    assert tags.title == "“Keep shaking your hips aloha dude!” · TabRL"
    assert tags.metas["og:description"] == "Go1 learned it in 3 ways. Watch them side by side."
    assert tags.metas["og:url"] == f"http://{site.at}/s/{share}"
    assert tags.metas["twitter:card"] == "summary_large_image"
    assert taught["id"] not in answer.text
    assert httpx.get(tags.metas["og:image"]).headers["content-type"] == "image/jpeg"


@needs_page
def test_the_picture_of_a_link_is_as_large_as_it_says(site):
    tags = Tags(site.http.get("/s/library-hip-shake").text)
    picture = httpx.get(tags.metas["og:image"])
    assert picture.headers["content-type"] == "image/jpeg"
    with Image.open(io.BytesIO(picture.content)) as image:
        size = (tags.metas["og:image:width"], tags.metas["og:image:height"])
        assert tuple(map(str, image.size)) == size


@needs_page
def test_a_draft_shows_its_robot(site):
    made = site.propose(approaches=1)
    tags = Tags(site.http.get(f"/experiments/{made['id']}").text)
    assert tags.metas["og:description"] == "Go1 is about to learn it."
    assert httpx.get(tags.metas["og:image"]).headers["content-type"] == "image/webp"


@needs_page
def test_a_hostile_sentence_stays_a_sentence(site):
    made = site.propose(sentence=HOSTILE, approaches=1)
    answer = site.http.get(f"/experiments/{made['id']}")
    tags, plain = Tags(answer.text), Tags(site.http.get("/").text)
    assert tags.metas["og:title"] == f"“{HOSTILE}”"
    assert "alert(1)</script>" not in answer.text
    assert tags.names.count("script") == plain.names.count("script")
    assert answer.text.count("</head>") == 1


@needs_page
def test_a_long_sentence_is_cut_in_a_preview(site):
    made = site.propose(sentence="dance " * 300, approaches=1)
    title = Tags(site.http.get(f"/experiments/{made['id']}").text).metas["og:title"]
    assert len(title) <= page.LONGEST + 2
    assert title.endswith("…”")
