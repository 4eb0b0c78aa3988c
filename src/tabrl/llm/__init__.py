"""From a sentence to approaches: the built-in proposer and what it knows."""
