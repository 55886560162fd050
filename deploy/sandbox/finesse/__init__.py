"""A fake of Cisco Finesse for development and tests: its REST API, its desktop's container page and two nodes.

It knows Finesse alone and imports nothing of the product that is tried with it.
"""
