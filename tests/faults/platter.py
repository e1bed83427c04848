"""A disk with faults under SQLite: it fills up, its syncs fail, and a power cut empties its cache.

Below Python's own `sqlite3` a file system (a "VFS") of ours becomes the default of the process. It
works on the real files, as an operating system's cache does, and keeps apart, on the *platter*,
what a sync made durable. When the power is cut, any part of what was not synced gets there: all of
it, nothing, or single sectors, in any order. Then the process is gone.
"""

import _sqlite3
import ctypes
import os
import signal
from collections import defaultdict
from collections.abc import Callable
from ctypes import POINTER, Structure, addressof, c_char_p, c_int, c_int64, c_void_p
from pathlib import Path
from random import Random
from typing import Any, NoReturn

OK, FULL, FSYNC_FAILED = 0, 13, 1034  # as sqlite3.h has them
SECTOR = 512  # what SQLite counts on: bytes beside the ones that are written stay what they are


class Methods(Structure):
    """sqlite3_io_methods: what can be done with an open file."""

    _fields_ = (
        ("version", c_int),
        *((name, c_void_p) for name in ("close", "read", "write", "truncate", "sync")),
        ("others", c_void_p * 13),
    )


class File(Structure):
    """sqlite3_file, as far as it is ours."""

    _fields_ = (("methods", POINTER(Methods)),)


class System(Structure):
    """sqlite3_vfs: what can be done with names."""

    _fields_ = (
        ("version", c_int),
        ("file_size", c_int),
        ("longest_name", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", c_void_p),
        ("delete", c_void_p),
        ("others", c_void_p * 14),
    )


A_FILE = POINTER(File)
OPEN = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, A_FILE, c_int, c_void_p)
DELETE = ctypes.CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
CLOSE = ctypes.CFUNCTYPE(c_int, A_FILE)
WRITE = ctypes.CFUNCTYPE(c_int, A_FILE, c_void_p, c_int, c_int64)
TRUNCATE = ctypes.CFUNCTYPE(c_int, A_FILE, c_int64)
SYNC = ctypes.CFUNCTYPE(c_int, A_FILE, c_int)

Change = Callable[[Path], None]


class Disk:
    """Register it once in a process, before the first connection."""

    def __init__(self, platter: Path, chance: Random, cut_at: int) -> None:
        """The power goes before the given change or sync, counted from 1; 0 means never."""
        self.room: float = float("inf")  # bytes by which files may still grow
        self.bad_syncs = range(0)  # which of the next ones fail, counted from 0
        self._platter = platter
        self._chance = chance
        self._left = cut_at
        self._unsynced: dict[str, list[Change]] = defaultdict(list)
        self._open_files: dict[int, tuple[str, Methods]] = {}
        self._kept: list[Any] = []  # what C points to must not be collected

    def register(self) -> None:
        sqlite: Any = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
        sqlite.sqlite3_vfs_find.restype = POINTER(System)
        self._real = sqlite.sqlite3_vfs_find(None).contents
        mine = System.from_buffer_copy(self._real)
        mine.name = b"faults"
        mine.open = self._pointer(OPEN(self._open))
        mine.delete = self._pointer(DELETE(self._delete))
        self._kept.append(mine)
        assert sqlite.sqlite3_vfs_register(ctypes.byref(mine), 1) == OK

    def cut_the_power(self) -> NoReturn:
        """What was not synced reaches the platter in part; nothing more is ever said or done."""
        share = self._chance.choice([0, 0.5, 1])
        for name, changes in self._unsynced.items():
            for change in changes:
                if self._chance.random() < share:
                    change(self._platter / Path(name).name)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    def _step(self) -> None:
        self._left -= 1
        if self._left == 0:
            self.cut_the_power()

    def _open(self, system: Any, name: Any, file: Any, flags: int, out: Any) -> int:
        answer: int = OPEN(self._real.open)(system, name, file, flags, out)
        if answer == OK and name:  # nameless files are gone with the process anyway
            real = file.contents.methods.contents
            mine = Methods.from_buffer_copy(real)
            mine.close = self._pointer(CLOSE(self._close))
            mine.write = self._pointer(WRITE(self._write))
            mine.truncate = self._pointer(TRUNCATE(self._truncate))
            mine.sync = self._pointer(SYNC(self._sync))
            self._kept.append(mine)
            self._open_files[_key(file)] = (ctypes.string_at(name).decode(), real)
            file.contents.methods = ctypes.pointer(mine)
        return answer

    def _close(self, file: Any) -> int:
        _, real = self._open_files.pop(_key(file))
        return int(CLOSE(real.close)(file))

    def _write(self, file: Any, bytes_: Any, amount: int, offset: int) -> int:
        self._step()
        name, real = self._open_files[_key(file)]
        growth = max(0, offset + amount - Path(name).stat().st_size)
        if growth > self.room:
            return FULL
        self.room -= growth
        answer: int = WRITE(real.write)(file, bytes_, amount, offset)
        if answer == OK:
            written = ctypes.string_at(bytes_, amount)
            for start in range(0, amount, SECTOR):
                self._unsynced[name].append(_put(offset + start, written[start : start + SECTOR]))
        return answer

    def _truncate(self, file: Any, size: int) -> int:
        self._step()
        name, real = self._open_files[_key(file)]
        self.room += max(0, Path(name).stat().st_size - size)
        answer: int = TRUNCATE(real.truncate)(file, size)
        if answer == OK:
            self._unsynced[name].append(_cut_off(size))
        return answer

    def _sync(self, file: Any, flags: int) -> int:
        self._step()
        name, real = self._open_files[_key(file)]
        changes = self._unsynced.pop(name, [])
        fails = 0 in self.bad_syncs
        self.bad_syncs = range(self.bad_syncs.start - 1, self.bad_syncs.stop - 1)
        if fails:
            return FSYNC_FAILED  # and the system forgets what it could not write, as Linux does
        answer: int = SYNC(real.sync)(file, flags)
        for change in changes:
            change(self._platter / Path(name).name)
        return answer

    def _delete(self, system: Any, name: bytes, at_once: int) -> int:
        self._step()
        answer: int = DELETE(self._real.delete)(system, name, at_once)
        self._unsynced[name.decode()].append(_remove)
        return answer

    def _pointer(self, function: Any) -> int | None:
        self._kept.append(function)
        return ctypes.cast(function, c_void_p).value


def _key(file: Any) -> int:
    return addressof(file.contents)


def _put(offset: int, sector: bytes) -> Change:
    def put(file: Path) -> None:
        number = os.open(file, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.pwrite(number, sector, offset)
        finally:
            os.close(number)

    return put


def _cut_off(size: int) -> Change:
    def cut_off(file: Path) -> None:
        file.touch()
        os.truncate(file, size)

    return cut_off


def _remove(file: Path) -> None:
    file.unlink(missing_ok=True)
