"""What a stranger's MJCF may ask for: more is refused by its text, before MuJoCo allocates it."""

from pathlib import Path

import pytest

from tabrl.errors import TabRLError
from tabrl.generators import mjcf
from tabrl.generators.mjcf import compiled, read_mjcf
from tabrl.robots.assets import PackagedMenagerie

BODY = '<body><joint/><geom size=".1"/></body>'
TOO_MUCH = {
    '<size nkey="1000000000"/>': 'asks for nkey="1000000000" in <size>: at most 1,000',
    '<size nuserdata="1000000000"/>': "nuserdata",
    '<size njmax="2000000000"/>': "njmax",
    '<size memory="100G"/>': 'memory="100G"',
    '<size memory="0.5E"/>': 'memory="0.5E"',
    '<size nuser_body="1000000000"/>': "nuser_body",
    '<asset><hfield name="h" nrow="100000" ncol="2" size="1 1 1 1"/></asset>': 'nrow="100000"',
    '<asset><texture type="2d" builtin="flat" width="9" height="99999"/></asset>': "height",
    '<custom><numeric name="n" size="1000000000"/></custom>': 'size="1000000000" in <numeric>',
    '<sensor><user name="u" dim="1000000000"/></sensor>': 'dim="1000000000" in <user>',
    '<actuator><general joint="j" actdim="1000000000"/></actuator>': "actdim",
    '<visual><global offwidth="1000000000"/></visual>': "offwidth",
    f'<worldbody><replicate count="1000000">{BODY}</replicate></worldbody>': "count",
    '<worldbody><replicate count="1000"><replicate count="1000">'
    f"{BODY}</replicate></replicate></worldbody>": "more than 50,000 elements, copies included",
    f"<worldbody>{'<body>' * 300}{'</body>' * 300}</worldbody>": "more than 200 deep",
    '<worldbody><composite type="grid" count="100000 1 1" offset="1 1 1"/></worldbody>': "count",
}


@pytest.mark.parametrize("part", TOO_MUCH, ids=range(len(TOO_MUCH)))
def test_a_model_that_asks_for_too_much_is_refused_by_name(part: str, tmp_path: Path) -> None:
    path = tmp_path / "big.xml"
    path.write_text(f"<mujoco>{part}</mujoco>")
    with pytest.raises(TabRLError) as refused:
        read_mjcf(path)
    assert refused.value.message.startswith("big.xml ")
    assert TOO_MUCH[part] in refused.value.message
    assert refused.value.hint


def test_copies_of_what_is_included_count_as_well(tmp_path: Path) -> None:
    (tmp_path / "part.xml").write_text(
        f'<mujocoinclude><replicate count="500">{BODY}</replicate></mujocoinclude>'
    )
    (tmp_path / "big.xml").write_text(
        '<mujoco><worldbody><replicate count="500"><include file="part.xml"/></replicate>'
        "</worldbody></mujoco>"
    )
    with pytest.raises(TabRLError, match="more than 50,000 elements"):
        read_mjcf(tmp_path / "big.xml")


def test_files_that_include_each_other_end_in_a_sentence(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{name}.xml").write_text(
            f'<mujoco><include file="{other}.xml"/><worldbody>{BODY}</worldbody></mujoco>'
        )
    with pytest.raises(TabRLError, match=r"MuJoCo cannot take a\.xml"):
        compiled(read_mjcf(tmp_path / "a.xml"), "a.xml")


def test_what_takes_more_memory_than_it_may_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "wide.xml"
    texture = '<texture name="t" type="2d" builtin="flat" width="8192" height="8192"/>'
    path.write_text(f"<mujoco><asset>{texture}</asset><worldbody>{BODY}</worldbody></mujoco>")
    monkeypatch.setattr(mjcf, "MAX_MEMORY", 2**26)
    with pytest.raises(TabRLError, match=r"wide\.xml.* memory for texture"):
        compiled(read_mjcf(path), path.name)


def test_no_model_of_menagerie_asks_for_too_much() -> None:
    models = sorted(Path(str(PackagedMenagerie() / "unitree_go1")).parent.glob("*/scene*.xml"))
    assert len(models) > 10
    for path in models:
        read_mjcf(path)
