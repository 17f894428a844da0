"""One run of a programme: its dates, venues and sessions."""
