"""The public web process: chat gateway, shop front, widget, health and figures for monitoring."""
