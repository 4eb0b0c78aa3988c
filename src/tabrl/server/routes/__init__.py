"""Routes: each parses, calls one service, and presents."""
