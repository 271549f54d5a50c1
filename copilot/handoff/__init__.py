"""Giving a ticket to the next person with everything they need, and taking it over."""
