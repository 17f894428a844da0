"""Quality of data: rules, findings, completeness, duplicates, approval and locks of periods."""
