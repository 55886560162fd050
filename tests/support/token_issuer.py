"""An issuer of ID tokens with any content, for tokens that a correct provider never sends."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey


class TokenIssuer:
    """`token` is what its token endpoint answers, `userinfo` what that endpoint does."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)
        self.token: Mapping[str, Any] = {}
        self.userinfo: Mapping[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    def signed(self, claims: Mapping[str, Any], key: RSAKey | OctKey | None = None, **header: str) -> str:
        """An ID token of these claims."""
        return jwt.encode({"alg": "RS256", "kid": "one", **header}, dict(claims), key or self.key)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(issuer._answer_to(self.path))

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self._answer(dict(issuer.token))

            def _answer(self, body: Mapping[str, Any]) -> None:
                content = json.dumps(body).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        return Handler

    def _answer_to(self, path: str) -> Mapping[str, Any]:
        if path == "/jwks":
            odd = {"kty": "of the future", "kid": "zero"}
            return {"keys": [odd, self.key.as_dict(private=False)]}
        if path == "/userinfo":
            return self.userinfo
        here = {name: f"{self.issuer}/{end}" for name, end in (
            ("authorization_endpoint", "authorize"), ("token_endpoint", "token"), ("jwks_uri", "jwks"),
            ("userinfo_endpoint", "userinfo"),
        )}  # fmt: skip
        return {"issuer": self.issuer, **here, **self.metadata}

    @contextmanager
    def running(self) -> Iterator["TokenIssuer"]:
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()
