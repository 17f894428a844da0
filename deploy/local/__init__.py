"""Bilim on one machine: the embedded PostgreSQL, three service processes, one command."""
