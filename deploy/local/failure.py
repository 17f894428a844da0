"""What a person at the terminal is told when the local start cannot go on."""


class StartFailure(Exception):
    """A start that cannot go on: the message names what is wrong and, where known, what to do."""
