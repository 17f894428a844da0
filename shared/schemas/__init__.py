"""The contract: every HTTP body of every service, pydantic only."""
