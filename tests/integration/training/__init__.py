"""Tests of training_api through its real app and a real PostgreSQL."""
