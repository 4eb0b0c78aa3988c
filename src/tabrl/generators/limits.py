"""What a stranger's MJCF may ask for, counted in its text: MuJoCo allocates whatever is written."""

from xml.etree.ElementTree import Element

from tabrl.errors import TabRLError

MAX_ELEMENTS = 50_000  # with every <replicate> written out
MAX_DEPTH = 200
LIMITS = {
    # <size>
    "nkey": 1000,
    "nuserdata": 100_000,
    "njmax": 100_000,
    "nconmax": 100_000,
    "nstack": 2**27,
    "memory": 2**30,
    "nuser_body": 1000,
    "nuser_jnt": 1000,
    "nuser_geom": 1000,
    "nuser_site": 1000,
    "nuser_cam": 1000,
    "nuser_tendon": 1000,
    "nuser_actuator": 1000,
    "nuser_sensor": 1000,
    # height fields, textures and what is drawn
    "nrow": 4096,
    "ncol": 4096,
    "width": 8192,
    "height": 8192,
    "gridsize": 64,
    "offwidth": 8192,
    "offheight": 8192,
    "shadowsize": 16384,
    "offsamples": 64,
    "numslices": 1000,
    "numstacks": 1000,
    "numquads": 1000,
    # what is repeated
    "count": 10_000,
    "dim": 10_000,
    "num": 10_000,
    "actdim": 1000,
    "nsample": 1000,
    "maxhullvert": 100_000,
}
"""The most that each of a list of numbers may be, whatever the element; `numeric` has a `size`."""
_UNITS = {unit: 1024**power for power, unit in enumerate("KMGTPE", start=1)}


class Demand:
    """What all files of a model ask for together."""

    def __init__(self) -> None:
        self._elements = 0

    def take(self, file: str, element: Element, times: int, depth: int) -> int:
        """Count an element that stands in as many copies; the copies of what is in it.

        Raises:
            TabRLError: it asks for too much; the message names it.
        """
        for name, text in element.attrib.items():
            limit = 100_000 if (element.tag, name) == ("numeric", "size") else LIMITS.get(name)
            if limit is not None and any(_number(word) > limit for word in text.split()):
                raise TabRLError(
                    f'{file} asks for {name}="{text[:40]}" in <{element.tag}>: '
                    f"at most {limit:,} is taken.",
                    "Lower it, and add the robot again.",
                )
        if element.tag == "replicate":
            times *= max(1, int(_number(element.get("count", "1"))))
        self._elements += times
        if self._elements > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise TabRLError(
                f"{file} nests its elements more than {MAX_DEPTH} deep."
                if depth > MAX_DEPTH
                else f"{file} asks for more than {MAX_ELEMENTS:,} elements, copies included.",
                "Give the robot alone: fewer bodies, and less in <replicate>.",
            )
        return times


def _number(word: str) -> float:
    """The number in "100" or "64M"; -1 where there is none, which is for MuJoCo to tell."""
    unit = _UNITS.get(word[-1:].upper())
    try:
        return float(word[:-1]) * unit if unit else float(word)
    except ValueError:
        return -1.0
