"""Seats, waiting lists, offers and outcomes: the life of an enrolment."""
