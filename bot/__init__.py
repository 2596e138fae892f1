"""What the assistant does and remembers."""
