"""Pages of this room: settings, people, trail (at a site), office (of the state), account and invitation."""
