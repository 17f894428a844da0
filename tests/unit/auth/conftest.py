"""Keys, issuers and clocks for the tests of callers and tokens."""

from pathlib import Path

import pytest

from shared.auth.keys import LocalKey
from tests.unit.auth.issuers import Clock, Issuer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def issuer() -> Issuer:
    issuer = Issuer()
    issuer.add_key("first")
    return issuer


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "local-key.pem"


@pytest.fixture
def local_key(key_file: Path) -> LocalKey:
    return LocalKey.ensure(key_file)
