"""A Cognito user pool: its people brought into the directory, all at once or as each signs up."""
