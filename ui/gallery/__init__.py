"""Each widget in each of its states, a page for each place on the screen: looked at by people, and by tests."""
