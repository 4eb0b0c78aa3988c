"""Reads a sentence: what is to be done, by which limb, which way, how often, in which order."""

from tabrl.behaviours.reading.body import stock
from tabrl.behaviours.reading.model import Action, Part, Reading
from tabrl.behaviours.reading.reader import read

__all__ = ["Action", "Part", "Reading", "read", "stock"]
