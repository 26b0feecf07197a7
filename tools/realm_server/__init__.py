"""The realm API's reference server: what its description says, served from SQLite."""
