"""Tables of bulk_enrolments."""
