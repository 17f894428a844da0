"""Education organisations: identity, identifiers, history as of any date, and search."""
