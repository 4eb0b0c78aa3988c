"""What a policy leaves as, in a process of its own: `python -m tabrl.export robot ROBOT SIZES OUT`
writes what plays any policy of a robot, with SIZES such as `128,128`, and `record POLICY OUT` what
one does here. The last line that it prints is its answer, JSON.
"""

import json
import os
import sys
from pathlib import Path

from tabrl.errors import TabRLError

NICE = 10  # as trainings: pages are answered first


def main(argv: list[str]) -> None:
    what, *rest = argv
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    if hasattr(os, "nice"):
        os.nice(NICE)
    from tabrl.export.record import record
    from tabrl.export.robot import export_robot

    try:
        if what == "robot":
            robot, sizes, out = rest
            export_robot(robot, tuple(map(int, sizes.split(","))), Path(out))
        else:
            record(*map(Path, rest))
        answer: dict[str, list[str]] = {}
    except TabRLError as error:
        answer = {"error": [error.message, error.hint]}
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
