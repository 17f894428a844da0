"""Calendars of teachers, trainers and rooms."""
