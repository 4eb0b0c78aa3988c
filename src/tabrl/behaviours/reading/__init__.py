"""Reads a sentence: what is to be done, by which limb, which way, how often, in which order."""

from tabrl.behaviours.reading.model import Action, Part, Reading

__all__ = ["Action", "Part", "Reading"]
