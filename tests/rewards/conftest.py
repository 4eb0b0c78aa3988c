import pytest

from tabrl.robots.catalogue import Robot, robot


@pytest.fixture(scope="session")
def go1() -> Robot:
    return robot("Go1JoystickFlatTerrain")
