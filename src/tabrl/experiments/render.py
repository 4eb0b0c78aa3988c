"""A clip of a policy that was saved before."""

from pathlib import Path

from tabrl.errors import TabRLError
from tabrl.events import Artifact
from tabrl.executors.base import heard, make_executor
from tabrl.experiments import validate
from tabrl.policies.card import read_card
from tabrl.robots.catalogue import robot as find_robot
from tabrl.settings import Settings
from tabrl.spec import RenderSpec


def render_policy(
    policy: Path, out: Path | None, *, seed: int = 0, settings: Settings
) -> dict[str, Path]:
    """Render a policy's clip into `out`, or into the folder that the policy lies in.

    Args:
        policy: a policy folder, or an approach's folder with `policy/` in it.

    Raises:
        TabRLError: no policy there, or it could not be rendered.
    """
    policy = policy_in(policy)
    folder = validate.folder(out or policy.parent)
    spec = RenderSpec(job="render", policy=str(policy), out=str(folder), seed=seed)
    with make_executor("local", settings) as executor:
        made = [e for e in heard(executor.submit(spec)) if isinstance(e, Artifact)]
    return {artifact.name: Path(artifact.path) for artifact in made}


def policy_in(folder: Path) -> Path:
    """The policy folder that a folder is or holds; `TabRLError` where there is none that could be
    one.
    """
    policy = folder.absolute()
    if not (policy / "policy.json").is_file() and (policy / "policy").is_dir():
        policy = policy / "policy"
    if not (policy / "policy.json").is_file():
        raise TabRLError(
            f"There is no policy in {policy}.",
            "Name the folder `policy` of an approach: it holds policy.json.",
        )
    find_robot(read_card(policy)["robot"])
    return policy
