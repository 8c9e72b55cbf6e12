"""What executes operations: memory, SQLite. One contract suite holds them to the same answers."""
