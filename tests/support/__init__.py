"""What tests are built with: a real PostgreSQL, the real apps, builders."""
