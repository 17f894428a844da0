"""How long one certificate takes on one core: the printed page and the signed credential."""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from services.training_api.credentials import badges, proofs
from services.training_api.credentials.keys import SigningKey
from services.training_api.credentials.pdf import Page, printed
from shared.schemas.base import TextOut
from shared.schemas.training.certificates import CertificateKind
from shared.schemas.training.educators import NameParts, PersonName
from tests.support.credentials import SITE, badge

PAGES = 1000
BAR_MS = 15.0
"""What one page may take on one core."""


def main() -> None:
    """Print the table, and whether a page keeps its bar."""
    print(f"\nCertificates: {PAGES} on one core\n")
    print("| what | mean, ms of CPU | median, ms | p99, ms | bytes |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        key = SigningKey.ensure(Path(folder) / "key.pem")
        mean = _measured("PDF/A-2b with QR", lambda number: printed(_page(number)))
        _measured("credential, Data Integrity", lambda number: _credential(number, key))
        _measured("credential, JWT", lambda number: _token(number, key))
    print(f"\na page may take {BAR_MS:.0f} ms on one core: {'kept' if mean <= BAR_MS else 'NOT kept'}")


def _measured(what: str, make: Callable[[int], bytes]) -> float:
    make(0)  # the library is loaded once in the life of a process
    took, size = [], 0
    begun = time.process_time()
    for number in range(1, PAGES + 1):
        moment = time.perf_counter()
        size = len(make(number))
        took.append((time.perf_counter() - moment) * 1000)
    mean = (time.process_time() - begun) * 1000 / PAGES
    p99 = statistics.quantiles(took, n=100)[98]
    print(f"| {what} | {mean:.2f} | {statistics.median(took):.2f} | {p99:.2f} | {size:,} |")
    return mean


def _page(number: int) -> Page:
    told = f"ORLEU-2026-{number:06d}"
    return Page(
        kind=CertificateKind.CERTIFICATE,
        number=told,
        name=PersonName(kk=NameParts(family=f"Үлгі{number}ұлы", given="Мысал", patronymic="Әкесіұлы"), ru=None),
        title=TextOut(kk="Заманауи зертхана", ru="Современная лаборатория", en=None),
        provider=TextOut(kk="«Өрлеу» орталығы", ru="Центр «Өрлеу»", en=None),
        academic_hours=36,
        issued_on=date(2026, 1, 9),
        valid_until=date(2029, 1, 9),
        supersedes=None,
        address=SITE.certificate(told),
        created_at=datetime(2026, 1, 9, tzinfo=UTC),
    )


def _credential(number: int, key: SigningKey) -> bytes:
    made = badges.credential(replace(badge(), number=f"ORLEU-2026-{number:06d}"), SITE)
    return str(proofs.secure(made, key, issuer=SITE.issuer, created="2026-01-09T10:00:00+05:00")).encode()


def _token(number: int, key: SigningKey) -> bytes:
    made = badges.credential(replace(badge(), number=f"ORLEU-2026-{number:06d}"), SITE)
    return proofs.token(made, key, issuer=SITE.issuer, valid_from=badges.moment(badge().issued_on)).encode()


if __name__ == "__main__":
    main()
