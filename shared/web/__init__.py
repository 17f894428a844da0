"""The FastAPI plumbing: everything about HTTP that no capability owns."""
