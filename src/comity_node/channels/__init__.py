"""The room of channels: charters proposed, answered, and where each stands."""
