"""What a start remembers beside its cluster, so that the next one does not ask again what is settled."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from deploy.local.home import PROJECT, write_privately


@dataclass(frozen=True, slots=True)
class Stamps:
    """Words kept in the cluster's folder and forgotten with it.

    Asking again costs two seconds each: a process that imports the half of the house. Should a stamp ever be wrong,
    the services still refuse a stale schema, and `make migrate` and `make demo` look for themselves.
    """

    folder: Path

    def says(self, name: str, text: str) -> bool:
        path = self.folder / name
        return path.exists() and path.read_text() == text

    def set(self, name: str, text: str) -> None:
        write_privately(self.folder / name, text)

    def forget(self, *names: str) -> None:
        for name in names:
            (self.folder / name).unlink(missing_ok=True)


def migrations_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(PROJECT.glob("services/*/migrations/*.py")):
        digest.update(f"{path.relative_to(PROJECT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()
