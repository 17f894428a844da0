"""What a conference or an order told to do, item by item, with who answers for it and how it stands."""
