"""What the page's engines make of exported policies: the same motion, and the clip's verdict."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tabrl.experiments.engine.library import shelf
from tabrl.experiments.playable import FILES, export, played
from tabrl.settings import Settings

WEB = Path(__file__).parents[2] / "web"
TEST = "src/components/live/simulation.test.ts"


@pytest.mark.nightly
def test_every_behaviour_of_the_library_passes_in_the_page_s_engines(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home", tmp_path / "cache").prepare()
    listed = []
    for id, experiment in shelf().items():
        for approach in experiment.approaches:
            if "policy" not in approach.files or approach.verdict != "pass":
                continue
            policy, out = experiment.folder / approach.files["policy"], tmp_path / id
            export(policy, "bundle", out, settings)
            for file in FILES:
                shutil.copyfile(played(policy, file, settings), out / file)
            assert approach.metric is not None
            listed.append(
                {
                    "name": f"{id}: {approach.name}",
                    "folder": str(out),
                    "metric": approach.metric.model_dump(mode="json"),
                    "moved": json.loads((out / "recorded.json").read_text("utf-8")),
                }
            )
    assert len(listed) > 10
    exported = tmp_path / "exported.json"
    exported.write_text(json.dumps(listed), "utf-8")
    done = subprocess.run(
        ["npx", "vitest", "run", TEST],
        cwd=WEB,
        env=os.environ | {"EXPORTED": str(exported)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:]
