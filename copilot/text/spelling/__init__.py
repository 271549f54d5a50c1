"""Spell checking with the dictionaries of the system, by hunspell in a process of its own."""
