"""Projects of schools under wider programmes, development plans, study visits."""
