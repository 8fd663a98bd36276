"""A real node, as ``comity serve`` starts it: everything that differs comes from its home directory."""

from __future__ import annotations

from comity_node.home import find
from comity_node.settings.base import *  # noqa: F403 - settings modules extend one another by name
from comity_node.settings.database import database

NODE = find()
COMITY_PARTY, COMITY_PARTY_NAME, COMITY_NODE = NODE.party, NODE.name, NODE.hosts[0]

DEBUG = False
SECRET_KEY = NODE.secret_key()
ALLOWED_HOSTS = list(NODE.hosts)
DATABASES = {"default": database(NODE.database)}

# A browser tells hosts apart, not ports: two nodes on one host must not sign each other's officials out.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"comity-session-{NODE.party}", f"comity-form-{NODE.party}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = NODE.is_https
SECURE_SSL_REDIRECT = NODE.is_https
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if NODE.is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = NODE.is_https
CSRF_TRUSTED_ORIGINS = [NODE.address]
# The proxy that ends TLS in front of a node must set this header, and strip it from what it receives.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if NODE.is_https else None
# Being on the browsers' preload list cannot be undone quickly; an operator asks for it, or not.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
