"""Periods, measures, the monthly report and its life, its files, the published cross-county figures.

Owns every figure the product shows outside a list. Reads the rooms below, never changes them.
"""
