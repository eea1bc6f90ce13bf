"""People who sign in: user, second factor, session limits, invitations' acceptance, demo sign-in.

Owns who somebody is; never what they may do (`counties`) nor which families they see.
"""
