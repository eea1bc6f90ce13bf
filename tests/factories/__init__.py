"""Plain functions that make one believable row each; they enter the site's scope themselves."""
