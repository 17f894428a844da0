"""Disclosure: which small figures about people are not shown, and which others go with them."""
