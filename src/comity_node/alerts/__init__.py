"""Alerts: raised in under a minute, opened by a desk, acknowledged by an official. Stands on requests."""
