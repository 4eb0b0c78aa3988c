"""The page: its own tests, and the whole way through it in a real browser on a real studio."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BUILT = ROOT / "src/tabrl/server/static/index.html"

needs_page = pytest.mark.skipif(
    not BUILT.exists(), reason="the page is not built: `make web` builds it"
)


def browser() -> str | None:
    """A browser of the system that Playwright can drive."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def run(script: str, **env: str) -> None:
    """Run one of the page's npm scripts; what it printed is shown where it fails."""
    done = subprocess.run(
        [ROOT / "scripts/setup-web.sh", script],
        capture_output=True,
        text=True,
        env=os.environ | {"NO_COLOR": "1"} | env,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_lock_names_no_registry() -> None:
    lock = (ROOT / "web/package-lock.json").read_text()
    assert '"resolved"' not in lock


@needs_page
def test_page_does_what_its_own_tests_say() -> None:
    run("test")


@needs_page
@pytest.mark.skipif("TABRL_E2E" not in os.environ, reason="not beside other tests: `make e2e`")
@pytest.mark.skipif(not browser(), reason=f"none of {', '.join(BROWSERS)} is installed")
def test_a_person_can_go_the_whole_way_in_a_browser() -> None:
    tabrl = Path(sys.executable).parent / "tabrl"
    run("e2e", TABRL=str(tabrl), CHROMIUM=str(browser()))
