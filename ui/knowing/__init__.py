"""Knowing better: what the team's knowledge lacks, what in it wants a look, and the answers the team writes itself."""
