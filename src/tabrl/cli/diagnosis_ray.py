"""What `tabrl doctor ray` looks at: the package, the cluster, and each of its nodes."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from tabrl import __version__
from tabrl.cli.diagnosis import Sign
from tabrl.errors import TabRLError
from tabrl.executors.ray import examine
from tabrl.settings import Settings


def examine_ray(settings: Settings) -> Iterator[Sign]:
    """Every sign; the first bad one of package and cluster is the last."""
    try:
        yield Sign("Ray", "ok", version("ray"))
    except PackageNotFoundError:
        yield Sign("Ray", "bad", "not installed", "Run `pip install 'tabrl[ray]'`.")
        return
    try:
        nodes = examine(settings)
    except TabRLError as error:
        yield Sign("Cluster", "bad", error.message, error.hint)
        return
    cores = sum(int(node["cores"]) for node in nodes if "trouble" not in node)
    yield Sign("Cluster", "ok", f"nodes: {len(nodes)}, cores: {cores}, address: {settings.ray}")
    for node in nodes:
        yield _node(node, settings)


def _node(node: dict[str, Any], settings: Settings) -> Sign:
    name = f"Node {node['node']}"
    if trouble := node.get("trouble"):
        return Sign(name, "bad", trouble, f"Run `pip install 'tabrl[ray]=={__version__}'` there.")
    if node["tabrl"] != __version__:
        return Sign(
            name,
            "bad",
            f"has TabRL {node['tabrl']}, and here is {__version__}",
            f"Run `pip install 'tabrl[ray]=={__version__}'` there.",
        )
    if node["lacks"]:
        return Sign(
            name,
            "bad",
            f"runs no reward: its sandbox lacks {node['lacks']}",
            "Let its container use them: user namespaces, Landlock and seccomp.",
        )
    if node["sees"] == "no":
        return Sign(
            name,
            "bad",
            f"does not see {settings.home}",
            "Put TABRL_HOME on a file system that all nodes have under the same path.",
        )
    return Sign(name, "ok", f"TabRL {node['tabrl']}, {node['cores']:g} cores, {node['sandbox']}")
