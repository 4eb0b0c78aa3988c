"""Clips of what a policy does, drawn without a screen or a GPU."""
