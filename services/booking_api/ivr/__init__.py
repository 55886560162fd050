"""Flat calls for voice applications: offer slots, book one, fetch a callback's data, tell that an offer was declined.

CVP's REST element reads small flat JSON best and may not be able to read an answer that is not 200: every field is
always present, `""` where it has no value, and refusals come as 200 with `result=<code>` when `always200` asks for it.
The rules are those of the other calls (shared/callbacks); nothing here decides whether a number may have a place.
"""
