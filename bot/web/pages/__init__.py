"""Which pages does the sample shop show to a shopper's browser?"""
