"""A network between clients and a server on this machine, which can be cut like a cable.

A socket filter drops whatever the clients send before their packets are even acknowledged, and
nothing is passed on to them: for them the other end is gone without a word, and so is every new
connection. No rights are needed for it. (To stop forwarding would not do: the kernel would go on
acknowledging, as no cut cable does.)
"""

import ctypes
import socket
import struct
import threading
from contextlib import suppress
from pathlib import Path

SO_ATTACH_FILTER, SO_DETACH_FILTER = 26, 27  # Linux: asm-generic/socket.h
RETURN_NOTHING = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))
DROP_ALL = struct.pack("HL", 1, ctypes.addressof(RETURN_NOTHING))


class Network:
    """Listens on a port of its own and passes everything on to the server's Unix socket."""

    def __init__(self, server: Path) -> None:
        self._server = str(server)
        self._up = threading.Event()
        self._up.set()
        self._clients: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port: int = self._door.getsockname()[1]
        self._links = [threading.Thread(target=self._let_in)]
        self._links[0].start()

    def cut(self) -> None:
        with self._lock:
            self._up.clear()
            for end in (self._door, *self._clients):
                end.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, DROP_ALL)

    def mend(self) -> None:
        with self._lock:
            for end in (self._door, *self._clients):
                end.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)
            self._up.set()

    def close(self) -> None:
        for end in (self._door, *self._clients):
            _hang_up(end)
        for link in self._links:
            link.join()

    def _let_in(self) -> None:
        with self._door, suppress(OSError):
            while True:
                client, _ = self._door.accept()
                link = threading.Thread(target=self._connect, args=[client])
                self._links.append(link)
                link.start()

    def _connect(self, client: socket.socket) -> None:
        with suppress(OSError), client, socket.socket(socket.AF_UNIX) as server:
            server.connect(self._server)
            with self._lock:
                self._clients.add(client)
            back = threading.Thread(target=self._pass_on, args=[server, client])
            back.start()
            self._pass_on(client, server)
            back.join()
            with self._lock:
                self._clients.remove(client)

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._up.wait()
                sink.sendall(data)
        _hang_up(source)
        _hang_up(sink)


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
