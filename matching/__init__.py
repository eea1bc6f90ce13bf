"""Matches between a parent and a parent partner: hard stops, explained suggestions, the pairing's life.

Owns whom a partner mentors, and the verbs that touch both a referral and a match.
"""
