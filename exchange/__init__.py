"""Data in and out: a site's spreadsheets, and the front of the API.

Owns reading files and progress; what a row means stands in each room's `imports.py`.
"""
