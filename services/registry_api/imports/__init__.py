"""Imports: CSV, XLSX and NDJSON files in, checked row by row, applied whole, and undone if need be."""
