"""What `tabrl doctor modal` looks at: package, token, app, and what may be spent. No container is
started.
"""

from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version

from tabrl.cli.diagnosis import Sign
from tabrl.cli.where import DEFAULT_GPU
from tabrl.errors import TabRLError
from tabrl.executors.modal_cloud import DEPLOY, Cloud, mismatch
from tabrl.executors.modal_cost import Ledger, prices, rate
from tabrl.settings import Settings


def examine_modal(settings: Settings) -> Iterator[Sign]:
    """Every sign; the first bad one of package, token and app is the last."""
    try:
        yield Sign("Modal", "ok", version("modal"))
    except PackageNotFoundError:
        yield Sign("Modal", "bad", "not installed", "Run `pip install 'tabrl[modal]'`.")
        return
    try:
        cloud = Cloud()
    except TabRLError as error:
        yield Sign("Token", "bad", error.message, error.hint)
        return
    yield Sign("Token", "ok", "accepted")
    with closing(cloud):
        yield from _app(cloud, settings)


def _app(cloud: Cloud, settings: Settings) -> Iterator[Sign]:
    try:
        tags = cloud.deployed()
        cloud.function(None)
    except TabRLError as error:
        yield Sign("App", "bad", error.message, error.hint)
        return
    if differs := mismatch(tags):
        yield Sign("App", "bad", differs, DEPLOY)
        return
    yield Sign("App", "ok", f"TabRL {tags['tabrl']}, Python {tags['python']}")
    yield _gpu(cloud)
    yield _money(settings)


def _gpu(cloud: Cloud) -> Sign:
    try:
        cloud.function(DEFAULT_GPU)
    except TabRLError as error:
        return Sign("GPU", "note", f"{error.message} Cores do without.", error.hint)
    return Sign("GPU", "ok", "`--gpu` asks for one; no training was run on one at Modal yet")


def _money(settings: Settings) -> Sign:
    spent = Ledger(settings.prepare().home / "modal", settings.modal_cap).spent()
    each = f"about ${3600 * rate(None):.2f} an hour and training, {prices()['as_of']}"
    if settings.modal_cap is None:
        found = f"about ${spent:.2f} this month, no cap; {each}"
        return Sign("Cost", "note", found, "Set TABRL_MODAL_CAP to the USD a month that it may be.")
    return Sign("Cost", "ok", f"about ${spent:.2f} of ${settings.modal_cap:.2f} this month; {each}")
