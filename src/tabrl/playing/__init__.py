"""Robots that the server runs for a page that cannot: physics, policy, and what a person does."""
