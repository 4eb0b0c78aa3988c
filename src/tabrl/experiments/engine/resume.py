"""What becomes of a training that was interrupted: it goes on from its last policy."""

import json
import shutil

from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.record import Experiment


def prepare(experiment: Experiment, approach: ApproachRecord) -> bool:
    """Give a training a new folder, with the last policy of the old one to go on from.

    Returns:
        Whether there is such a policy; where not, nothing changes.
    """
    policy = experiment.folder / approach.policy
    try:
        steps = int(json.loads((policy / "policy.json").read_text("utf-8"))["steps"])
    except (OSError, ValueError, LookupError, TypeError):
        return False
    if not (policy / "policy.safetensors").is_file():
        return False
    approach.attempt += 1
    start = experiment.folder / approach.out / "start"
    shutil.rmtree(start, ignore_errors=True)
    shutil.copytree(policy, start)
    approach.resume = f"{approach.out}/start"
    approach.step, approach.heard, approach.error = steps, 0, None
    approach.curve = [point for point in approach.curve if point.step <= steps]
    return True
