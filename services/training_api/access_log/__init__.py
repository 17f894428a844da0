"""Who read the personal data of whom, and why."""
