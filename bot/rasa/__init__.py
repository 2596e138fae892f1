"""What of ours runs inside Rasa's own process, under Python 3.10? It imports nothing else of the project."""
