"""Rewards: the words they are written in, their checks, and the way from source to a function."""
