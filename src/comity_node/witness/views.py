"""The witness interface, to anyone who holds a log of a party we know."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from comity.tlog.witness import MAX_BODY, SIZE_CONTENT_TYPE, Answer, encode_cosignatures, encode_size
from comity_node.witness.services import add_checkpoint, serves


@require_POST
@csrf_exempt
@login_not_required
def submit(request: HttpRequest) -> HttpResponse:
    """``POST add-checkpoint``: the request proves itself by the log's signature.

    A node that has not said in its passport that it serves as a witness does not.
    """
    if not serves():
        return HttpResponse(status=Answer.UNKNOWN_LOG)
    answer, size, cosignatures = add_checkpoint(request.read(MAX_BODY + 1))
    if answer is Answer.COSIGN:
        return HttpResponse(encode_cosignatures(cosignatures), content_type="text/plain; charset=utf-8")
    if answer is Answer.OTHER_SIZE:
        return HttpResponse(encode_size(size), status=answer, content_type=SIZE_CONTENT_TYPE)
    return HttpResponse(status=answer)
