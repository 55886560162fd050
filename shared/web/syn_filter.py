"""A BPF filter on a listening socket that drops SYN packets, so that it can be closed without cutting anybody off.

Closing a listener resets the connections that the kernel has completed and nobody has accepted yet. Under load there
are always some: between the last accept and the close the next one comes. So new SYNs are dropped first, then what has
connected is accepted, then the listener is closed. TCP sends a dropped SYN again after a second, which is refused then
or answered by the next process.

Measured (tests/integration/web/test_syn_filter.py, 40 closes under 16 clients): 0 connections cut off with the filter,
551 of 10,173 without it.
"""

import ctypes
import socket
import struct

_SO_ATTACH_FILTER = 26  # Linux on x86 and ARM; Python's socket module has no name for it
_SYN, _ACK, _FLAGS = 0x02, 0x10, 13  # bits of, and offset of, the flags in a TCP header

# A classic BPF program (socket(7), SO_ATTACH_FILTER): code, jump if true, jump if false, operand.
_DROP_SYN = b"".join(
    struct.pack("HBBI", *instruction)
    for instruction in (
        (0x30, 0, 0, _FLAGS),  # load the byte of the flags
        (0x54, 0, 0, _SYN | _ACK),  # keep these two
        (0x15, 0, 1, _SYN),  # SYN without ACK opens a connection:
        (0x06, 0, 0, 0),  # drop it
        (0x06, 0, 0, 0xFFFFFFFF),  # all else may pass: handshakes under way are finished
    )
)


def drop_new_connections(listener: socket.socket) -> None:
    """Drop every further SYN to a listening TCP socket; handshakes that have begun are finished.

    Raises OSError where the kernel cannot (not Linux, not TCP).
    """
    program = ctypes.create_string_buffer(_DROP_SYN)
    length = len(_DROP_SYN) // struct.calcsize("HBBI")
    listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("HL", length, ctypes.addressof(program)))
