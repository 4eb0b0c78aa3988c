"""TabRL: describe a behaviour in a sentence and watch several trained robots do it."""

__version__ = "0.1.0"
