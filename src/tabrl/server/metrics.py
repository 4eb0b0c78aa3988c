"""What Prometheus may ask."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.process_collector import ProcessCollector

from tabrl.experiments.engine import Engine

BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Meters:
    """The counters of one application."""

    def __init__(self, engine: Engine) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(_Jobs(engine))
        self.requests = Counter(
            "tabrl_requests", "HTTP requests", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "tabrl_request_seconds",
            "Time to the end of a response",
            ["route"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.watching = Gauge("tabrl_watching", "Open WebSockets", registry=self.registry)
        self.messages = Counter(
            "tabrl_live_messages", "Messages sent over WebSockets", registry=self.registry
        )


class _Jobs:
    """Trainings, counted when asked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[GaugeMetricFamily]:
        running, queued, capacity = self._engine.jobs()
        jobs = GaugeMetricFamily("tabrl_trainings", "Trainings by state", labels=["state"])
        jobs.add_metric(["running"], running)
        jobs.add_metric(["queued"], queued)
        yield jobs
        yield GaugeMetricFamily("tabrl_capacity", "Trainings at once", value=capacity)
