"""Inside AWS: the Lambda functions, and the services that Tavola asks beside its table."""
