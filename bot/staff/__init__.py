"""Who works in the shop, and how do they come in?"""
