"""Tavola: direct messages, groups and a user directory for any app, in one DynamoDB table."""

__version__ = "0.1.0"
