"""Numbers for Prometheus."""

from collections.abc import Mapping

import pytest
from prometheus_client.parser import text_string_to_metric_families

from shared.observability.metrics import Metrics


class _Pool:
    def __init__(self, size: int, in_use: int) -> None:
        self._size, self._in_use = size, in_use

    def size(self) -> int:
        return self._size

    def checkedout(self) -> int:
        return self._in_use


def _samples(metrics: Metrics) -> dict[tuple[str, str], float]:
    families = text_string_to_metric_families(metrics.render().decode())
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def test_two_applications_in_one_process_count_apart() -> None:
    registry, training = Metrics("registry"), Metrics("training")

    registry.observe(method="GET", route="/v1/areas", status=200, seconds=0.01)

    name = ("http_server_request_duration_seconds_count", "GET,/v1/areas,200")
    assert _samples(registry)[name] == 1
    assert name not in _samples(training)


def test_the_page_can_be_read_by_prometheus() -> None:
    metrics = Metrics("registry")
    metrics.refused.labels("writes").inc()

    samples = _samples(metrics)

    assert samples["bilim_service", "registry"] == 1
    assert samples["http_server_refused_requests_total", "writes"] == 1
    assert any(name == "process_resident_memory_bytes" for name, _ in samples)


def test_the_use_of_pools_is_read_at_the_moment_of_the_scrape() -> None:
    metrics, pool = Metrics("registry"), _Pool(8, 3)
    metrics.watch_pool("write", pool)
    metrics.watch_pool("read", _Pool(4, 0))
    before = _samples(metrics)

    pool._in_use = 8

    assert before["bilim_pool_in_use", "write"] == 3
    assert _samples(metrics)["bilim_pool_in_use", "write"] == 8
    assert _samples(metrics)["bilim_pool_size", "read"] == 4


def test_numbers_may_be_watched_by_label() -> None:
    metrics = Metrics("registry")
    waiting: Mapping[str, float] = {"import": 2, "run": 0}

    metrics.watch("bilim_jobs_waiting", "Jobs that wait.", lambda: waiting, label="kind")
    metrics.watch("bilim_answer", "A number.", lambda: 42)

    samples = _samples(metrics)
    assert samples["bilim_jobs_waiting", "import"] == 2
    assert samples["bilim_answer", ""] == 42


def test_a_number_that_cannot_be_read_hides_no_other() -> None:
    def broken() -> float:
        raise RuntimeError("no database")

    metrics = Metrics("registry")
    metrics.watch("bilim_broken", "Cannot be read.", broken)

    samples = _samples(metrics)

    assert not any(name == "bilim_broken" for name, _ in samples)
    assert samples["bilim_service", "registry"] == 1


def test_watching_one_name_twice_is_a_fault_of_the_program() -> None:
    metrics = Metrics("registry")
    metrics.watch("bilim_once", "Once.", lambda: 1)

    with pytest.raises(ValueError, match="bilim_once"):
        metrics.watch("bilim_once", "Twice.", lambda: 2)
