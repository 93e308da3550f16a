"""The ground: schema, tickets, ingest, cleaning, splits, datasets, sample corpus, workspace and store."""
