"""Who may join a programme, and why not."""
