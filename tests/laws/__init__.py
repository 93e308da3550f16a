"""Law books: one set of checks for every thing of a kind."""
