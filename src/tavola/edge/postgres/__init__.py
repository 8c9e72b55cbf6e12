"""A table of users in PostgreSQL, as the directory of what is here. Nothing is written there."""
