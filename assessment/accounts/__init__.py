"""What allauth asks of a site: accounts, signing in, groups, the door of the administration."""
