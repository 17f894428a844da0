"""The thresholds of the national attestation as a view on the same data."""
