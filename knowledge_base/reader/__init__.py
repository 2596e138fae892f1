"""Which words of a passage answer a question, if any? Extractive BERT question answering."""
