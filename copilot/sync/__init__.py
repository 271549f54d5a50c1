"""Keeps the store in step with each desk: `pull` reads changes, `outbox` carries the rep's decisions out."""
