"""Tables as people send them: CSV, NDJSON or a workbook, in whatever encoding and locale it was saved."""
