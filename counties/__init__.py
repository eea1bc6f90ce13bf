"""Counties, tribes, sites (the tenant), people's roles and rights, the wall between sites, site settings, jobs.

Owns who may do what where, and the walls that hold it. Knows nothing of families or figures.
"""
