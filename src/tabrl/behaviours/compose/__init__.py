"""From a reading to rewards and to a metric, each by code that does not see the other."""
