"""The middle of the window: a ticket's header, its thread, and the composer."""
