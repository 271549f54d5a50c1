"""What the rep and the operator set up in the window."""
