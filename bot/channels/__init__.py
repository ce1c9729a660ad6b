"""Where conversations happen: each channel maps its own world to events and replies."""
