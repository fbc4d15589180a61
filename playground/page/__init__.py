"""The web page of the playground: what a person in this workspace sees, drawn from its state."""
