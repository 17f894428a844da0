"""How the services talk to one another: typed clients over HTTP, and nothing else."""
