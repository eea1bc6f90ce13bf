"""The only writers of this room: `sites`, `settings`, `people`, `invitations`."""
