"""What of ours runs inside Rasa's own process, under Python 3.10? Nothing here imports the rest of the project."""
