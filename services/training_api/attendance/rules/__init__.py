"""What attendance is decided by: the machine, the codes, and the time somebody was there."""
