"""The change feed: hands committed changes to the consumers, from the store or from a stream."""
