"""What things are and what follows from what. Pure: stdlib and msgspec, no clock, no I/O."""
