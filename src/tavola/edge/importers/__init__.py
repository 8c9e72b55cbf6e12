"""What comes in from elsewhere: scripts of conversations, Slack exports, exported items."""
