"""Who may do what to which things: one table. `gate` asks it, and nothing else decides."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

Role = Literal["viewer", "maker", "owner"]
Who = Literal["nobody", "viewer", "maker", "owner"]
Scope = Literal["read", "teach", "manage"]
"""What an API token is good for: to see; to teach, share and delete; to run the studio."""


class Reach(IntEnum):
    """To which things somebody may do something; each holds those before it."""

    NONE = 0
    OPEN = 1
    """What everybody may see who has its link; the library."""
    OWN = 2
    """What is theirs."""
    ALL = 3
    """Everything; also what concerns no single thing."""


@dataclass(frozen=True)
class Rule:
    """One line of the table.

    Attributes:
        nobody: for those who are not signed in.
        scope: that an API token needs; None where only a person at a browser may.
        changes: whether it is noted who did it.
        per_minute: times that one person may, or one address where nobody is signed in.
        keeps: whether it fills the disk, which a quota bounds.
    """

    nobody: Reach
    viewer: Reach
    maker: Reach
    owner: Reach
    scope: Scope | None = None
    changes: bool = False
    per_minute: int | None = None
    keeps: bool = False


NONE, OPEN, OWN, ALL = Reach
NOTED = KEEPS = True

# fmt: off
TABLE: dict[str, Rule] = {
    #                          nobody viewer maker owner  token's   noted  a minute  fills the disk
    "studio.see":         Rule(ALL,   ALL,   ALL,  ALL,   "read"),
    "studio.measure":     Rule(NONE,  NONE,  NONE, ALL,   "manage"),
    "sentence.read":      Rule(ALL,   ALL,   ALL,  ALL,   "read",   False, 240),
    "reward.check":       Rule(NONE,  NONE,  ALL,  ALL,   "teach",  False, 120),
    "experiment.see":     Rule(OPEN,  OWN,   OWN,  ALL,   "read"),
    "experiment.list":    Rule(NONE,  OWN,   OWN,  ALL,   "read"),
    "experiment.propose": Rule(NONE,  NONE,  ALL,  ALL,   "teach",  NOTED, 20, KEEPS),
    "experiment.copy":    Rule(NONE,  NONE,  OWN,  ALL,   "teach",  NOTED, 20, KEEPS),
    "experiment.change":  Rule(NONE,  NONE,  OWN,  ALL,   "teach",  NOTED),
    "experiment.train":   Rule(NONE,  NONE,  OWN,  ALL,   "teach",  NOTED, 60, KEEPS),
    "experiment.show":    Rule(NONE,  NONE,  OWN,  ALL,   "teach",  NOTED, 30),
    "experiment.delete":  Rule(NONE,  OWN,   OWN,  ALL,   "teach",  NOTED),
    "experiment.vote":    Rule(NONE,  OWN,   OWN,  ALL,   "teach",  NOTED, 60),
    "experiment.report":  Rule(NONE,  OWN,   OWN,  ALL,   "teach",  NOTED, 10),
    "experiment.hide":    Rule(NONE,  NONE,  NONE, ALL,   "manage", NOTED, 60),
    "explore.see":        Rule(ALL,   ALL,   ALL,  ALL,   "read",   False, 240),
    "report.see":         Rule(NONE,  NONE,  NONE, ALL,   "manage"),
    "library.change":     Rule(NONE,  NONE,  NONE, ALL,   "manage", NOTED, 60),
    "robot.add":          Rule(NONE,  NONE,  ALL,  ALL,   "teach",  NOTED, 10, KEEPS),
    "robot.await":        Rule(NONE,  NONE,  ALL,  ALL,   "teach"),
    "robot.change":       Rule(NONE,  NONE,  NONE, ALL,   "manage", NOTED),
    "account.see":        Rule(ALL,   ALL,   ALL,  ALL,   "read"),
    "account.enter":      Rule(ALL,   ALL,   ALL,  ALL,   None,     False, 30),
    "account.change":     Rule(NONE,  ALL,   ALL,  ALL,   None,     NOTED, 60),
    "people.see":         Rule(NONE,  NONE,  NONE, ALL,   "manage"),
    "people.change":      Rule(NONE,  NONE,  NONE, ALL,   "manage", NOTED, 60),
}
# fmt: on


def reach(action: str, who: Who) -> Reach:
    """To which things somebody may do this."""
    found: Reach = getattr(TABLE[action], who)
    return found
