"""Tests of training's rules: pure functions and tables."""
