"""PostgreSQL for all three services: tables' common parts, engines, sessions, history, pages, bulk, migrations."""
