"""Checks migrations, and writes new ones, on a PostgreSQL made for the moment: `python -m deploy.migrations check`."""

import os
import secrets
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from deploy.local.postgres import open_cluster
from shared.db.migrations.__main__ import SCRATCH_VARIABLE, main

if __name__ == "__main__":
    if SCRATCH_VARIABLE in os.environ:
        sys.exit(main())
    root = Path(tempfile.mkdtemp(prefix="bilim-migrations-"))
    root.chmod(0o755)  # PostgreSQL does not run as root, so its account has to find the way in
    try:
        cluster = open_cluster(
            root / "postgres",
            password=secrets.token_urlsafe(16),
            log=root / "postgres.log",
            environment=os.environ,
            durable=False,
        )
        cluster.initialise()
        cluster.start()
        try:
            sys.exit(main([*sys.argv[1:], "--url", cluster.url("postgres")]))
        finally:
            cluster.stop(signal.SIGQUIT)
    finally:
        shutil.rmtree(root, ignore_errors=True)
