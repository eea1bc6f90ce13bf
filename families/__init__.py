"""Families, parents, children, removal episodes, consents and disclosures.

Owns who a family is. Does not know who refers, mentors or contacts them.
"""
