"""Paths, settings and their migrations, secrets."""
