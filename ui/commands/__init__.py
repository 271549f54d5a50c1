"""How the rep reaches the actions: keys, the overlay that shows them, and the command palette."""
