import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from written import Made, Make

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "envs")]  # where `written` and `lockstep` are


@pytest.fixture
def make(tmp_path: Path) -> "Make":
    """The model of the scene that is made of a file, and what is told of it."""

    from tabrl.generators.teachable import make_teachable

    def made(text: str, forward: str | None = None, name: str = "thing.xml") -> "Made":
        (tmp_path / name).write_text(text)
        folder = tmp_path / f"made{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        model, notes, *_ = make_teachable(tmp_path / name, folder, forward)
        return model, " ".join(notes)

    return made
