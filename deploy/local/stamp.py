"""What a start remembers of the last migration, so that a start without new ones saves a second and a half."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from deploy.local.home import PROJECT, write_privately


@dataclass(frozen=True, slots=True)
class MigrationStamp:
    """Says which migrations the cluster beside it has had. Should it ever be wrong, the services refuse the schema."""

    path: Path

    def is_current(self) -> bool:
        return self.path.exists() and self.path.read_text() == _digest()

    def set(self) -> None:
        write_privately(self.path, _digest())

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)


def _digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(PROJECT.glob("services/*/migrations/*.py")):
        digest.update(f"{path.relative_to(PROJECT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()
