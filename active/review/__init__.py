"""Human review: the ledger of decisions and the back-ends that fill it."""
