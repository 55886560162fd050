"""The flat calls as a CVP application sends them: form-encoded, Basic authentication, refusals with status 200."""

from collections.abc import Callable
from typing import Any

import requests

TIMEOUTS_SECONDS = (3.0, 5.0)  # to connect, to read: those of CVP's Rest_Client


class IvrCalls:
    """`client` and `key` of an API client with the scope `ivr`; `ca_file` is whom to trust, beside the usual ones.

    `say` hears of each call and its answer.
    """

    def __init__(
        self, url: str, client: str, key: str, ca_file: str | None, say: Callable[[str], None] = lambda line: None
    ) -> None:
        self._base, self._say = f"{url}/api/v1/ivr", say
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.auth = (client, key)
        self._session.verify = ca_file or True

    def get(self, call: str, **fields: Any) -> dict[str, Any]:
        """`offer` or `callback`."""
        return self._answer("GET", call, params={**fields, "always200": "true"})

    def post(self, call: str, **fields: Any) -> dict[str, Any]:
        """`book` or `decline`."""
        return self._answer("POST", call, params={"always200": "true"}, data=fields)

    def _answer(self, method: str, call: str, **request: Any) -> dict[str, Any]:
        """The answer's fields. No answer is `service_unavailable`, as in CVP's exception handler."""
        sent = {**request["params"], **request.get("data", {})}
        self._say(f"{method} /api/v1/ivr/{call}  " + "  ".join(f"{k}={v}" for k, v in sent.items() if v != ""))
        try:
            response = self._session.request(method, f"{self._base}/{call}", timeout=TIMEOUTS_SECONDS, **request)
            fields = response.json()
        except (requests.RequestException, ValueError) as error:
            self._say(f"  no answer: {type(error).__name__}")
            return {"result": "service_unavailable"}
        if not isinstance(fields, dict) or "result" not in fields:
            fields = {"result": (fields.get("code") if isinstance(fields, dict) else None) or "service_unavailable"}
        self._say(
            f"  {response.status_code}  " + "  ".join(f"{k}={v}" for k, v in fields.items() if v not in ("", None, 0))
        )
        return fields
