"""Places that are bought from providers: how many, for whom, at what price."""
