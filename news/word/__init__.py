"""Articles from word processors: what a manuscript says becomes title, summary and body."""
