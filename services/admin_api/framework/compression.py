"""Large responses are compressed for clients that accept gzip: the live view of 200 skills has 600 KB.

Small ones are not: the response with the CSRF token is small, and compression beside a secret can reveal it (BREACH).
"""

import gzip

from flask import Flask, Response, request

MIN_BYTES = 16 * 1024


def register_compression(app: Flask) -> None:
    """Compress the JSON and CSV answers of `app` that are worth it."""

    @app.after_request
    def compress(response: Response) -> Response:
        if (
            response.direct_passthrough
            or response.mimetype not in ("application/json", "text/csv")
            or "Content-Encoding" in response.headers
            or not request.accept_encodings["gzip"]
            or len(response.get_data()) < MIN_BYTES
        ):
            return response
        response.set_data(gzip.compress(response.get_data(), compresslevel=1))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.add("Vary", "Accept-Encoding")
        return response
