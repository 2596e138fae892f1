"""The commands behind the figures in docs/figures.md."""
