"""Every SQL statement about data quality: checks and their findings, reports, candidates for duplicates."""
