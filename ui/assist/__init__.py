"""The side of the window: what the copilot offers for the open ticket, and on what evidence."""
