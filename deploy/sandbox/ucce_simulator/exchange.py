"""One request from receipt to its end: journal, queue, delays, prepared answers. Uses no sockets."""

from contextlib import ExitStack
from dataclasses import dataclass

from deploy.sandbox.ucce_simulator import container, errors, router
from deploy.sandbox.ucce_simulator.application import Ucce
from deploy.sandbox.ucce_simulator.disturbances import NextAnswer
from deploy.sandbox.ucce_simulator.wire import Answer, Request


@dataclass(frozen=True)
class Ending:
    """How a request ends: with an answer (`kind` "answered" or "cut short"), or with a reset and no answer."""

    kind: str
    answer: Answer | None


def serve(ucce: Ucce, request: Request) -> Ending:
    """Carry out the request; returns its ending. Its changes are committed when this returns."""
    router.recognise(request)
    request.sequence = ucce.journal.open(request)
    ending = _serve(ucce, request)
    ucce.journal.close(request, ending.answer.status if ending.answer else None, ending.kind)
    return ending


def _serve(ucce: Ucce, request: Request) -> Ending:
    if not router.is_authorised(ucce, request):
        return Ending("answered", router.unauthorised())
    if elsewhere := container.instead_of_ucce(ucce, request):
        return Ending("answered", elsewhere)
    with ExitStack() as held:
        if (request.method, request.kind) == ("POST", "import"):
            try:
                held.enter_context(ucce.gate.place())
            except errors.RefusedError as full:
                return Ending("answered", full.answer())
        planned = ucce.disturbances.next_for(request)
        return _disturbed(ucce, request, planned)


def _disturbed(ucce: Ucce, request: Request, planned: NextAnswer) -> Ending:
    ucce.stopping.wait(planned.delayBefore + ucce.disturbances.delay)
    answer = container.in_its_words(ucce, router.work(ucce, request, planned)) if planned.works else Answer()
    ucce.stopping.wait(planned.delayAfter)
    if planned.reset:
        return Ending("reset", None)
    if planned.status:
        answer = _prepared(planned)
    if planned.body is not None:
        answer = Answer(planned.status or answer.status, planned.body.encode(), answer.content_type, answer.headers)
    return Ending("cut short" if planned.cutShort else "answered", answer)


def _prepared(planned: NextAnswer) -> Answer:
    message = planned.message or f"Prepared answer {planned.status}"
    error = errors.ApiError(planned.errorType, message, planned.errorData)
    if planned.bare:
        page = f"<html><head><title>{planned.status}</title></head><body><h1>{message}</h1></body></html>"
        return Answer(planned.status, page.encode(), "text/html;charset=UTF-8")
    if planned.status < 400:
        return Answer(planned.status)
    return errors.RefusedError(planned.status, error).answer()
