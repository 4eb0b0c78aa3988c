"""`python -m tabrl.export KIND POLICY OUT`: what a policy leaves as, in a process of its own.

KIND is `live` (a folder that plays in a browser), `onnx` (a folder with the graphs) or `bundle` (a
zip that plays anywhere). The last line that it prints is its answer, JSON.
"""

import json
import os
import sys
from pathlib import Path

from tabrl.errors import TabRLError


def main(argv: list[str]) -> None:
    kind, policy, out = argv[0], Path(argv[1]), Path(argv[2])
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    from tabrl.export.bundle import bundle
    from tabrl.export.folder import Playable, export_policy, export_scene

    try:
        playable = Playable.of(policy)
        if kind == "bundle":
            bundle(playable, out)
        else:
            export_policy(playable, out)
        if kind == "live":
            export_scene(playable.task, out)
        answer: dict[str, list[str]] = {}
    except TabRLError as error:
        answer = {"error": [error.message, error.hint]}
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
