"""What is measured, each in a process of its own: the buddy, the bare SDK, and other ways to send on time."""
