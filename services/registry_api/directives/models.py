"""Tables of directives."""
