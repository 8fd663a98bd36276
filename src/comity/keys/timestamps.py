"""Time from an authority: a token that says some bytes existed at a time, which ``openssl ts`` verifies too.

Asking and sending are the caller's. What comes back is believed only once it verifies: the very bytes, the
very request, a certificate for time stamps under one of the authorities the reader trusts.

Follows: RFC 3161; docs/spec/export.md, Renewals.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from comity.errors import BadTimestamp

MAX_TOKEN: Final = 64 * 1024
MAX_ROOTS: Final = 1024 * 1024
QUERY_TYPE: Final = "application/timestamp-query"


@dataclass(frozen=True, slots=True)
class Query:
    """A request for a token: what to post, and the number its answer must repeat."""

    body: bytes
    nonce: int


def query(content: bytes) -> Query:
    """Ask for a token over ``content``: its SHA-512, a random number, and the authority's certificate."""
    built = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA512).build()
    return Query(built.as_bytes(), built.nonce or 0)


def verify(answer: bytes, content: bytes, roots: bytes, *, nonce: int | None = None) -> datetime:
    """Verify an authority's whole answer over ``content``.

    Args:
        answer: The DER bytes of the TimeStampResp, as they came.
        content: What it is to be about.
        roots: PEM certificates of the authorities trusted. They need to have been valid at the token's time.
        nonce: The number of our request, where this is the answer to one.

    Returns:
        The time it states.

    Raises:
        BadTimestamp: It is none, is about something else, or nobody trusted signed it.
    """
    if len(answer) > MAX_TOKEN:
        raise BadTimestamp(f"a time stamp has at most {MAX_TOKEN:,} bytes, not {len(answer):,}")
    try:
        trusted = x509.load_pem_x509_certificates(roots)
        token = decode_timestamp_response(answer)
        builder = VerifierBuilder(roots=trusted, nonce=nonce)
        builder.build().verify_message(token, content)
        stated = token.tst_info.gen_time
    except (VerificationError, ValueError, TypeError, OverflowError) as fault:
        raise BadTimestamp(f"the time stamp does not verify: {str(fault)[:200]}") from fault
    return stated if stated.tzinfo else stated.replace(tzinfo=UTC)
