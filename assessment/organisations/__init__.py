"""What an organisation does: its people, its plan, keeping, sharing, its trend."""
