"""Closing a listening socket without cutting off anybody who has connected.

Closing one resets whoever the kernel has let in and nobody has accepted yet, and there is always somebody under load:
between the last accept and the close the next one comes. So the kernel is told first to overlook new attempts; those
it has let in are accepted, then the listener is closed. Who was overlooked tries again a second later, as TCP does, and
is refused or finds the next process.
"""

import ctypes
import socket
import struct

_SO_ATTACH_FILTER = 26  # Linux on x86 and ARM; Python's socket module has no name for it
_SYN, _ACK, _FLAGS = 0x02, 0x10, 13  # bits of, and offset of, the flags in a TCP header

# A classic BPF program (socket(7), SO_ATTACH_FILTER): code, jump if true, jump if false, operand.
_OVERLOOK_NEWCOMERS = b"".join(
    struct.pack("HBBI", *instruction)
    for instruction in (
        (0x30, 0, 0, _FLAGS),  # load the byte of the flags
        (0x54, 0, 0, _SYN | _ACK),  # keep these two
        (0x15, 0, 1, _SYN),  # SYN without ACK opens a connection:
        (0x06, 0, 0, 0),  # drop it
        (0x06, 0, 0, 0xFFFFFFFF),  # all else may pass: handshakes under way are finished
    )
)


def overlook_newcomers(listener: socket.socket) -> None:
    """Let nobody more connect to a listening TCP socket; who has connected or is about to is still accepted.

    Raises OSError where the kernel cannot (not Linux, not TCP).
    """
    program = ctypes.create_string_buffer(_OVERLOOK_NEWCOMERS)
    length = len(_OVERLOOK_NEWCOMERS) // struct.calcsize("HBBI")
    listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("HL", length, ctypes.addressof(program)))
