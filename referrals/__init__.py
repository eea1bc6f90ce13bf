"""Referrals, decisions, enrollments and closings.

Owns the way in and out of the program; matches and contacts hang on it from above.
"""
