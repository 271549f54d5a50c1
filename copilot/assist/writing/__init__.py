"""What a language model writes: summaries, drafts, rewrites and answers, each checked against its sources."""
