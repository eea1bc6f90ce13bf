"""What tests type into a narrative."""

WORDS = {
    "successes": "Two parents spoke at the council.",
    "barriers": "",
    "help_wanted": "Rides to court.",
    "stories": "",
    "stories_have_consent": False,
    "staff_changes": "",
}
