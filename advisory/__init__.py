"""Local and state councils: meetings and who was at the table."""
