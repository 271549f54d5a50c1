"""What reaches the rep outside the window: the tray, notifications, links, and the one instance they come to."""
