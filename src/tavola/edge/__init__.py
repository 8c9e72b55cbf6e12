"""Where people and machines come in: HTTP, the command line, the feed runner."""
