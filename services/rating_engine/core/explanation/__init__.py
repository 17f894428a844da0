"""Why a score is what it is, what would lift it, and what moved it."""
