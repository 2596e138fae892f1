"""What does the assistant do when Rasa asks it to? One skill a file; the rules about the shop are in bot/."""
