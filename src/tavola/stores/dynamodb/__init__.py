"""The DynamoDB store: pure encoders and decoders, one sender that retries, and a thin store."""
