"""One signature over a whole letter, page and data: PAdES B-B.

The key never comes here: ``comity.keys`` signs, and this module writes down what it signed in the form that
readers of PDF expect. Imported only where a letter is signed, as the library takes a while to load.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

from pyhanko.keys.pemder import load_certs_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer

from comity.keys.certificate import SHA256
from comity_node.letters.errors import CertificateEnded

if TYPE_CHECKING:
    from datetime import datetime

    from comity.keys.certificate import LetterKey

FIELD: Final = "Letter"


def sign(pdf: bytes, key: LetterKey, *, now: datetime, name: str) -> bytes:
    """Sign a finished letter so that no later change of any part of it goes unnoticed.

    Args:
        pdf: The letter, with its data attached.
        key: Who signs.
        now: When.
        name: The signing office, as a reader shows it.

    Raises:
        CertificateEnded: The certificate is not good now.
    """
    if not key.certificate.not_valid_before_utc <= now <= key.ends:
        raise CertificateEnded(
            f"the letter was not signed: its certificate is good until {key.ends:%Y-%m-%d}"
        )
    said = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=SHA256,
        subfilter=SigSeedSubFilter.PADES,
        name=name,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signed = PdfSigner(said, signer=_Ours(key)).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))
    signed.seek(0)
    whole: bytes = signed.read()
    return whole


class _Ours(Signer):
    """Our key as the library asks for signatures."""

    def __init__(self, key: LetterKey) -> None:
        self._key = key
        super().__init__(signing_cert=next(iter(load_certs_from_pemder_data(key.der))))

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Sign what the library prepared; at a rehearsal the length is all that counts."""
        assert digest_algorithm == SHA256, "the certificate says ECDSA over SHA-256"
        return bytes(72) if dry_run else self._key.sign(data)
