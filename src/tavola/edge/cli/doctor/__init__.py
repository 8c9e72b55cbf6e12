"""`tavola doctor`: what is wrong in a store, what that means, and mending it."""
