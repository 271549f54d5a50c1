"""Where the team's knowledge comes from, how it is cut into passages, and how it is found again."""
