"""The typesetter, alone in a process of its own: run as a file, never imported.

Its input was written by strangers and is set by native code. Here it can use up its own time and memory and
no one else's, and fall without taking the node along. It imports nothing of ours: all it needs is in the job.

Job, as JSON on stdin: ``layout`` (source), ``root``, ``data`` (text), ``preferred`` (families of fonts),
``fonts`` (folders), ``system`` (whether the machine's fonts are used), ``at`` (POSIX seconds), ``probes``
(scripts, each with its letters). Answer on stdout: ``pdf``, a line feed and the document; or ``no``, a line
feed and JSON: ``said``, ``lacking``.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any, Final

import typst

SECONDS: Final = 20
BYTES: Final = 2 * 1024**3
STANDARD: Final = "a-3a"
PROBE: Final = (
    b'#set document(title: "probe")\n#set text(font: json(bytes(sys.inputs.fonts)))\n#sys.inputs.text'
)


def main() -> None:
    """Do one job."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    job = json.loads(sys.stdin.buffer.read())
    fonts = typst.Fonts(include_system_fonts=job["system"], font_paths=job["fonts"])
    known = set(fonts.families())
    families = json.dumps([name for name in job["preferred"] if name in known])
    try:
        made = _set(job, fonts, job["layout"].encode(), {"data": job["data"], "fonts": families})
    except typst.TypstError as refused:
        lacking = [name for name, letters in job["probes"] if not _shows(job, fonts, families, letters)]
        said = json.dumps({"said": refused.message[:300], "lacking": lacking})
        sys.stdout.buffer.write(b"no\n" + said.encode())
    else:
        sys.stdout.buffer.write(b"pdf\n" + made)


def _set(job: dict[str, Any], fonts: typst.Fonts, source: bytes, inputs: dict[str, str]) -> bytes:
    nowhere = Path(job["root"]) / "no-packages"  # it does not exist: layouts import nothing from anywhere
    compiler = typst.Compiler(
        root=job["root"], font_paths=fonts, package_path=nowhere, package_cache_path=nowhere
    )
    made = compiler.compile(
        input=source, format="pdf", sys_inputs=inputs, pdf_standards=[STANDARD], timestamp=job["at"]
    )
    assert isinstance(made, bytes), "one document, given back as bytes"
    return made


def _shows(job: dict[str, Any], fonts: typst.Fonts, families: str, letters: str) -> bool:
    """Whether these letters alone can be set."""
    try:
        _set(job, fonts, PROBE, {"text": letters, "fonts": families})
    except typst.TypstError:
        return False
    return True


if __name__ == "__main__":
    main()
