"""The front door: settings, addresses, the queue's app, the embedded stack, Today, search, health.

Owns nothing of the field. Every room may be imported here; no room imports this one.
"""
