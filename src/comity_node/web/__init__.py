"""The shell every room's pages live in: layout, components, the desk, live updates."""
