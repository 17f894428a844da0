"""Checks migrations, and writes new ones, on a PostgreSQL made for the moment: `python -m deploy.migrations check`."""

import sys

from deploy.local.temporary import temporary_cluster
from shared.db.migrations.__main__ import main

if __name__ == "__main__":
    with temporary_cluster() as cluster:
        sys.exit(main([*sys.argv[1:], "--url", cluster.url("postgres")]))
