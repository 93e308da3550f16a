"""The loop: pool, query strategies, rounds, review back-ends, simulation."""
