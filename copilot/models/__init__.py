"""Language models and the embedded engine: what turns text into vectors, and later into words."""
