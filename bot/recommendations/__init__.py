"""What will this shopper want? Ranking for one shopper, training, evaluation, versions of the model."""
