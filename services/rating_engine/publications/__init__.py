"""What the public reads: editions that are never edited, only replaced by a later one."""
