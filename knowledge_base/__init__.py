"""What the shop knows: catalogue, policies, FAQ and reviews, searched and read to answer questions with
quotes."""
