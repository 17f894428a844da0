"""Plans of events and the events themselves, with sessions, audiences and imprecise dates."""
