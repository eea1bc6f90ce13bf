"""Lists taken out of the product as files: which lists there are, and how a file of one looks (docs/adr/0019)."""

from exchange.exporting.files import TYPES, Sheet, make
from exchange.exporting.lists import LISTS, Listing, chosen_in_words

__all__ = ["LISTS", "TYPES", "Listing", "Sheet", "chosen_in_words", "make"]
