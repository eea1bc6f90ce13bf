"""The parent partners: eligibility, core training, hours, supervision and clinical-support sessions.

Owns who can mentor; not whom they mentor (`matching`).
"""
