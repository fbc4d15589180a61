"""The six measurements. Each returns the lines of the table that it answers for."""
