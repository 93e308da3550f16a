"""Faces and wiring: command line, HTTP API, web pages, Argilla server, monitoring."""
