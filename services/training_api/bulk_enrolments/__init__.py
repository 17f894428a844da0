"""Lists of people who are to be enrolled: each gets an answer."""
