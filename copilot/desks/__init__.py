"""One module per help desk behind one protocol (`copilot.desks.base`)."""
