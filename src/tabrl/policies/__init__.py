from pathlib import Path

SHIPPED = Path(__file__).parent / "base"
"""Folders of the base policies that ship, by their robots' `base_policy`."""
