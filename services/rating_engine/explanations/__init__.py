"""Why an organisation has the score it has."""
