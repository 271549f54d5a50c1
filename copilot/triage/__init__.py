"""Sentiment and urgency: each a score with a confidence and the words that caused it."""
