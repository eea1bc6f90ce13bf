"""What partners did with parents: contacts, resource links, level changes, hearings and meetings, goals, incidents.

Owns the record of the work; figures about it are computed in `reporting`.
"""
