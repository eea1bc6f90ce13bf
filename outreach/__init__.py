"""Outreach events and their audience."""
