"""Example tweets of the support schema with their labels, written for this project, one file a domain."""
