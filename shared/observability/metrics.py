"""Numbers for Prometheus, one registry per application, so that several live in one process."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_log = structlog.get_logger(__name__)

Reading = Callable[[], float | Mapping[str, float]]
"""One number, or numbers by label, read at the moment of the scrape."""


class PoolUsage(Protocol):
    """What a connection pool tells of itself (SQLAlchemy's `QueuePool` fits)."""

    def size(self) -> int: ...
    def checkedout(self) -> int: ...


class Metrics:
    """All that one service counts."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        self.service = service
        self._durations = Histogram(
            "http_server_request_duration_seconds",
            "Time to answer a request.",
            ["method", "route", "status"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "http_server_active_requests", "Requests that are being answered.", registry=self.registry
        )
        self.refused = Counter(
            "http_server_refused_requests", "Requests refused for overload.", ["lane"], registry=self.registry
        )
        Gauge("bilim_service", "Always 1; names the service.", ["service"], registry=self.registry).labels(service).set(
            1
        )
        self._pools: dict[str, PoolUsage] = {}
        self.watch("bilim_pool_size", "Connections a pool may hold.", self._pool_sizes, label="pool")
        self.watch("bilim_pool_in_use", "Connections of a pool that are in use.", self._pools_in_use, label="pool")
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def observe(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Record one answered request; a method that is not HTTP's own is counted as `OTHER`."""
        self._durations.labels(method if method in _METHODS else "OTHER", route, str(status)).observe(seconds)

    def watch(self, name: str, documentation: str, read: Reading, *, label: str | None = None) -> None:
        """A gauge read at each scrape; `read` must neither block nor wait."""
        self.registry.register(_Watched(name, documentation, read, label))

    def watch_pool(self, name: str, pool: PoolUsage) -> None:
        """Size and use of a connection pool, by name."""
        self._pools[name] = pool

    def render(self) -> bytes:
        """The page for Prometheus."""
        return generate_latest(self.registry)

    def _pool_sizes(self) -> Mapping[str, float]:
        return {name: pool.size() for name, pool in self._pools.items()}

    def _pools_in_use(self) -> Mapping[str, float]:
        return {name: pool.checkedout() for name, pool in self._pools.items()}


class _Watched(Collector):
    def __init__(self, name: str, documentation: str, read: Reading, label: str | None) -> None:
        self._name, self._documentation, self._read, self._label = name, documentation, read, label

    def describe(self) -> Iterable[Metric]:
        return [self._family()]

    def collect(self) -> Iterable[Metric]:
        family = self._family()
        try:
            value = self._read()
        except Exception as error:  # one number that cannot be read must not hide all the others
            _log.warning("metric_not_read", metric=self._name, error=type(error).__name__)
            return [family]
        if isinstance(value, Mapping):
            for name, number in value.items():
                family.add_metric([name], number)
        else:
            family.add_metric([], value)
        return [family]

    def _family(self) -> GaugeMetricFamily:
        return GaugeMetricFamily(self._name, self._documentation, labels=[self._label] if self._label else [])
