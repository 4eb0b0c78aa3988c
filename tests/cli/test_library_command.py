import json
from pathlib import Path

import tabrl as package

SHIPPED = Path(package.__file__).parent / "library"


def listed(tabrl) -> dict[str, dict]:
    return {row["name"]: row for row in json.loads(tabrl("library", "list", "--json").stdout)}


def test_what_passed_is_added_listed_and_removed(tabrl):
    source = str(SHIPPED / "hip-shake")
    said = ("--by", "Ada", "--licence", "CC-BY-4.0", "--name", "wide")
    done = tabrl("library", "add", source, "Aloha Roll", *said)
    assert done.returncode == 0, done.stderr
    assert "in the library as wide" in done.stdout
    known = listed(tabrl)
    assert (known["wide"]["from"], known["wide"]["by"]) == ("added here", "Ada")
    assert known["hip-shake"]["from"] == "TabRL"
    assert tabrl("library", "list").stdout.count("Keep shaking your hips") == 2
    assert tabrl("library", "remove", "wide").returncode == 0
    assert "wide" not in listed(tabrl)


def test_what_may_not_be_added_or_removed_is_told_with_what_may(tabrl):
    source = str(SHIPPED / "hip-shake")
    several = tabrl("library", "add", source)
    assert several.returncode == 1
    assert "Name one of: 1-aloha-roll" in several.stderr
    assert "Name one of: 1-aloha-roll" in tabrl("library", "add", source, "Tango").stderr
    assert "has no policy" in tabrl("library", "add", source, "2-side-glide").stderr
    assert "came with TabRL" in tabrl("library", "remove", "bow").stderr
    assert "no such behaviour" in tabrl("library", "remove", "wide").stderr
