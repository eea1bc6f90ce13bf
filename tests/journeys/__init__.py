"""In a real browser, few: the whole path, a phone, and axe on every page."""
