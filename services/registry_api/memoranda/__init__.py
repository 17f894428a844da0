"""Memoranda and agreements: parties, signatures, life, amendments, documents."""
