"""Clips over HTTP: in parts, cached for good, several in one file."""

import io
import zipfile

import av
import pytest
from PIL import Image


@pytest.fixture
def clip(site, taught) -> tuple[str, bytes]:
    url = taught["approaches"][0]["files"]["clip"]
    return url, site.http.get(url).content


def test_a_clip_is_cached_for_good(site, clip):
    url, _ = clip
    answer = site.http.get(url)
    assert answer.headers["content-type"] == "video/mp4"
    assert "immutable" in answer.headers["cache-control"]
    again = site.http.get(url, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert site.http.get(url, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-99", slice(0, 100)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-50", slice(-50, None)),
    ],
)
def test_a_part_of_a_clip_can_be_had(site, clip, asked, part):
    url, data = clip
    answer = site.http.get(url, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.content == data[part]
    assert answer.headers["content-range"].endswith(f"/{len(data)}")


@pytest.mark.parametrize(
    "asked", ["null", "bytes=x-y", "bytes=9-1", "pages=1-2", "bytes=" + "0-0," * 99]
)
def test_what_names_no_part_is_answered_with_the_whole_clip(site, clip, asked):
    url, data = clip
    answer = site.http.get(url, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, data)


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0", "bytes=0-1,999999999-"])
def test_a_part_that_is_not_there_is_a_problem(site, clip, asked):
    answer = site.http.get(clip[0], headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(clip[1])}"
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_old_part_is_not_mixed_with_a_new_clip(site, clip):
    url, data = clip
    answer = site.http.get(url, headers={"Range": "bytes=0-9", "If-Range": '"old"'})
    assert (answer.status_code, answer.content) == (200, data)


def test_posters_and_previews_are_served_alike(site, taught):
    files = taught["approaches"][0]["files"]
    assert site.http.get(files["poster"]).headers["content-type"] == "image/jpeg"
    assert site.http.get(files["previews"][0]["url"]).headers["content-type"] == "video/mp4"


def test_a_clip_that_was_rendered_again_has_another_address(site, taught):
    made = site.train(site.propose(approaches=1)["id"])
    before = made["approaches"][0]["files"]["clip"]
    body = {"job_id": made["approaches"][0]["job_id"]}
    site.json("POST", "/api/training/render", body, 202)
    after = before
    while after in (before, None):
        seen = site.json("GET", f"/api/experiments/{made['id']}")["approaches"][0]
        after = seen["files"]["clip"]
    assert site.http.get(before).status_code == 404
    assert site.http.get(after).status_code == 200


def download(site, taught, kind: str, count: int) -> bytes:
    ids = [a["files"]["video_id"] for a in taught["approaches"][:count]]
    answer = site.http.post("/api/videos/download", json={"videos": ids, "format": kind})
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    return answer.content


def test_all_clips_come_in_one_zip(site, taught):
    bundle = zipfile.ZipFile(io.BytesIO(download(site, taught, "zip", 3)))
    names = [f"{i}-{a['id']}.mp4" for i, a in enumerate(taught["approaches"], start=1)]
    assert bundle.namelist() == names
    clip = site.http.get(taught["approaches"][0]["files"]["clip"]).content
    assert bundle.read(names[0]) == clip


def test_a_clip_comes_as_a_moving_gif_and_several_as_a_zip(site, taught):
    with Image.open(io.BytesIO(download(site, taught, "gif", 1))) as image:
        assert image.format == "GIF"
        assert image.width == 320
    assert len(zipfile.ZipFile(io.BytesIO(download(site, taught, "gif", 2))).namelist()) == 2


def test_all_clips_come_side_by_side_for_the_owner_and_for_who_has_the_link(site, taught):
    path = f"/api/experiments/{taught['id']}"
    share = site.json("POST", f"{path}/share")["share_id"]
    for at in (path, f"/api/shared/{share}"):
        answer = site.http.get(f"{at}/side-by-side")
        assert answer.headers["content-type"] == "video/mp4"
        assert (
            'filename="keep-shaking-your-hips-aloha-dude.mp4"'
            in (answer.headers["content-disposition"])
        )
        with av.open(io.BytesIO(answer.content)) as film:
            stream = film.streams.video[0]
            assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
            assert stream.average_rate == 50
            frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
        one = site.http.get(taught["approaches"][0]["files"]["clip"]).content
        with av.open(io.BytesIO(one)) as clip:
            assert len(frames) == sum(1 for _ in clip.decode(video=0))
        assert frames[0].shape[1] > 3 * 128
        assert answer.content.index(b"moov") < answer.content.index(b"mdat")  # plays as it comes
    with Image.open(io.BytesIO(site.http.get(f"{path}/side-by-side?format=gif").content)) as image:
        assert (image.format, image.is_animated) == ("GIF", True)
    draft = site.propose(approaches=1)["id"]
    site.json("GET", f"/api/experiments/{draft}/side-by-side", status=404)


def test_only_known_clips_can_be_downloaded(site, taught):
    body = {"videos": ["x" * 24], "format": "zip"}
    site.json("POST", "/api/videos/download", body, 404)
    poster = taught["approaches"][0]["files"]["poster"].rsplit("/", 1)[1].removesuffix(".jpg")
    site.json("POST", "/api/videos/download", {"videos": [poster], "format": "gif"}, 404)
