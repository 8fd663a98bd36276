"""Run Django's deployment checks on a node set up as the manual says: production settings, HTTPS address.

Some warnings do not apply to a node; each is named here with its reason. Any other one fails.
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from pathlib import Path

NODE_TOML = """party = "aa"
address = "https://comity.aa.example"

[names]
en = "Arland"
"""
DOES_NOT_APPLY = {
    "security.W008": "TLS ends in the proxy before the node, which also redirects",
    "security.W021": "joining the browsers' preload list is for the authority's domain, not for the node",
}


def main() -> int:
    """Make a home directory, load the production settings from it, and run the checks."""
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        (home / "node.toml").write_text(NODE_TOML, encoding="utf-8")
        secret = home / "secret_key"
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(64), encoding="utf-8")
        os.environ |= {"COMITY_HOME": str(home), "DJANGO_SETTINGS_MODULE": "comity_node.settings.production"}

        import django  # noqa: PLC0415 - reads the environment set above
        from django.conf import settings  # noqa: PLC0415
        from django.core.management import call_command  # noqa: PLC0415

        settings.SILENCED_SYSTEM_CHECKS = [*settings.SILENCED_SYSTEM_CHECKS, *DOES_NOT_APPLY]
        django.setup()
        call_command("check", deploy=True, fail_level="WARNING")
    return 0


if __name__ == "__main__":
    sys.exit(main())
