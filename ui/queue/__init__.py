"""The queue at the left: the rep's views, search, and the list of tickets."""
