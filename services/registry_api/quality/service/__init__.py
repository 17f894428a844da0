"""What is done for the quality of data: checks, the queue of findings, reports, duplicates, locks of periods."""
