"""A UCCE simulator: the wire of the Outbound Option REST API, and a dialer that works the contacts off.

`python -m deploy.sandbox.ucce_simulator --help` starts it, `handle.UcceSimulator` starts it for a test,
README.md describes the rest.
What public material leaves open is marked "Assumption" where it is decided.
"""
