"""What an organisation objects to in its own preview, by when, and what was decided."""
