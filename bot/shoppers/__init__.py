"""What do shoppers do in the shop?"""
