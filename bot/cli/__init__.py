"""The storekeep command: what can the people of the shop do from a terminal?"""
