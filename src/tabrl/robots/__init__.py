"""Robots: the catalogue, its data and where their models come from."""
