"""What is asked with every call, before anybody's scope is open: which app, whose data, how often.

These open the scopes that they need themselves. Call them outside any.
"""
