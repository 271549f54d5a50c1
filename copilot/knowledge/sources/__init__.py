"""Where the team's knowledge comes from: folders, websites, hosted documents, video transcripts.

Each source reads what changed since last time and lists what it could not read; `refresh` puts that into the index.
"""
