"""Take the libraries of the verifier page anew from npm, for whoever maintains them; nothing else needs npm.

    python tools/vendor_verifier.py [NAME=VERSION ...]

Each package is fetched in the version ``verifier/vendor/vendor.lock.json`` has, or in the one given,
and must have the integrity that the registry states for it; in a version that is not new, the one that is
pinned. Of it the files that the page imports are kept, and its licence.
"""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from base64 import b64encode
from pathlib import Path
from typing import Any, Final

VENDOR: Final = Path(__file__).parents[1] / "verifier" / "vendor"
LOCK: Final = VENDOR / "vendor.lock.json"


def taken(package: dict[str, Any], version: str) -> dict[str, Any]:
    """Write the files of a package; return what the lock says of it."""
    wanted = f"{package['name']}@{version}"
    stated = json.loads(_npm("view", wanted, "--json", "dist.integrity", "license"))
    if version == package["version"] and stated["dist.integrity"] != package["integrity"]:
        sys.exit(f"{wanted} has another integrity than the one that is pinned")
    with tempfile.TemporaryDirectory() as folder:
        _npm("pack", wanted, "--pack-destination", folder)
        content = next(Path(folder).glob("*.tgz")).read_bytes()
    if f"sha512-{b64encode(hashlib.sha512(content).digest()).decode()}" != stated["dist.integrity"]:
        sys.exit(f"{wanted} came with another content than its integrity says")
    files = {}
    with tarfile.open(fileobj=io.BytesIO(content)) as packed:
        for name in sorted(package["files"]):
            member = packed.extractfile(f"package/{name}")
            assert member is not None, f"{wanted} has no {name}"
            kept = member.read()
            target = VENDOR / package["name"] / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(kept)
            files[name] = hashlib.sha256(kept).hexdigest()
    return {
        "name": package["name"],
        "version": version,
        "license": stated["license"],
        "integrity": stated["dist.integrity"],
        "files": files,
    }


def _npm(*words: str) -> str:
    return subprocess.run(["npm", *words], check=True, capture_output=True, text=True).stdout


def main(arguments: list[str]) -> int:
    """Take every package, and write the lock."""
    asked = dict(one.rsplit("=", 1) for one in arguments)
    lock = json.loads(LOCK.read_text("utf-8"))
    fresh = [taken(one, asked.get(one["name"], one["version"])) for one in lock]
    LOCK.write_text(json.dumps(fresh, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
