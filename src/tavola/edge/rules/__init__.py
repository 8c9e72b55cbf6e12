"""Rules at the edge: their file, what judges conditions, and what people ask about them."""
