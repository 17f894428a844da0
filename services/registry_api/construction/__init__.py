"""The pipeline of schools to be built: stages, dates, funding, cost, risk, places."""
