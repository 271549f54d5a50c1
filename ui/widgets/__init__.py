"""Widgets that every place on the screen shares; each in its own file, all dressed by `ui.theme`."""
