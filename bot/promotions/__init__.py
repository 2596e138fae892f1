"""How does the shop write about its products? Facts in, checked copy out."""
