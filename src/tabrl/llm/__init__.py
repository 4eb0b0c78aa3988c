"""Language models: whom to ask, what, and what becomes of the answers."""
