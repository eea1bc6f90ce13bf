"""Data in and out: a site's spreadsheets, its lists as files, and the front of the API.

Owns reading and writing files and progress; what a row means stands in each room's `imports.py`.
"""
