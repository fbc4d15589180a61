"""What the delivery engine costs, measured against what else one could take: `make bench`."""
