"""Search that understands Vietnamese: one table, one ranking, for every kind of content."""
