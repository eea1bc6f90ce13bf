"""What happened, who did it, who looked: the append-only trail and the row history.

Owns audit events and the base of every row-history table. Knows nothing of sites, people or families
beyond their ids, so that every other room can write into it.
"""
