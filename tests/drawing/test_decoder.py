"""Uploads that break their decoder: one process dies, the sender is told, the next is served."""

import io
import os
import signal
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path
from random import Random  # noqa: TID251 # damages files, with a fixed seed

import pytest
from PIL import Image

from tests.drawing.people import encoded, endless_jpeg, portrait
from wxapp_backend.drawing import ImageRefused, normalise_avatar
from wxapp_backend.drawing.decoder import DecoderBusy, ImageDecoder, Limits

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def decoder() -> Generator[ImageDecoder]:
    """Yield one decoder with the limits of production; its processes stay warm."""
    decoder = ImageDecoder(processes=1)
    yield decoder
    decoder.close()


def refusal_of(decoder: ImageDecoder, upload: bytes) -> str:
    """Return the code with which an upload is refused."""
    with pytest.raises(ImageRefused) as refusal:
        decoder.avatar(upload)
    return refusal.value.code


def pid_of(decoder: ImageDecoder) -> int:
    """Return the one process, warm."""
    decoder.avatar(portrait())
    [pid] = decoder.idle_pids
    return pid


def is_running(pid: int) -> bool:
    """Say whether there is such a process; one that was ended and waited for is gone."""
    return Path(f"/proc/{pid}").exists()


def ticks_of(pid: int) -> int:
    """Return how long a process has computed, in hundredths of a second."""
    return int(Path(f"/proc/{pid}/stat").read_text("ascii").split()[13])


def test_a_picture_is_the_same_as_without(decoder: ImageDecoder) -> None:
    """An avatar is byte for byte what is made in one process."""
    exif = Image.Exif()
    exif[0x0112] = 8
    turned = encoded(Image.effect_noise((900, 400), 60).convert("RGB"), "JPEG", exif=exif)

    for upload in (portrait(), turned, encoded(Image.new("RGBA", (64, 64)), "WEBP")):
        assert decoder.avatar(upload) == normalise_avatar(upload)


def test_a_camera_with_several_pictures_in_a_file_is_read(decoder: ImageDecoder) -> None:
    """Phones write MPO, whose reader Pillow loads late: after all files are out of reach."""
    first = Image.effect_noise((300, 300), 40).convert("RGB")
    upload = encoded(first, "MPO", save_all=True, append_images=[first.copy()])

    assert upload.startswith(b"\xff\xd8\xff")
    assert decoder.avatar(upload) == normalise_avatar(upload)


def test_what_is_no_picture_at_first_sight_costs_no_process() -> None:
    """Length and first bytes are judged before anything is started."""
    decoder = ImageDecoder()

    assert refusal_of(decoder, b"\xff\xd8\xff" + bytes(5 * MEGABYTE)) == "too_large"
    assert refusal_of(decoder, b"GIF89a" + bytes(50)) == "unsupported_format"
    assert decoder.idle_pids == []


def test_processes_stay_warm_and_are_replaced_in_time() -> None:
    """One process serves many pictures, until it has computed for long enough."""
    decoder = ImageDecoder(processes=1)
    assert pid_of(decoder) == pid_of(decoder)
    decoder.close()
    tired = ImageDecoder(processes=1, limits=Limits(cpu_seconds=5, life_seconds=6))
    assert tired.avatar(portrait())

    assert tired.idle_pids == []


def test_a_process_has_no_files_no_secrets_and_bounded_memory(decoder: ImageDecoder) -> None:
    """What decodes strangers' bytes can open nothing and knows nothing."""
    pid = pid_of(decoder)
    limits = Path(f"/proc/{pid}/limits").read_text(encoding="ascii")
    rows = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()[1:]}

    assert rows["Max open files"] == rows["Max processes"] == rows["Max file size"] == ["0", "0"]
    assert rows["Max address space"] == [str(512 * MEGABYTE)] * 2
    assert rows["Max cpu time"][1] == "60"
    environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    assert [each.split(b"=")[0] for each in environment if each] == [b"PYTHONPATH"]


def test_endless_decoding_is_ended() -> None:
    """A small file that would be decoded for minutes costs a second, and is refused."""
    upload = endless_jpeg()
    assert len(upload) < 5 * MEGABYTE
    strict = ImageDecoder(processes=1, limits=Limits(cpu_seconds=1))
    pid = pid_of(strict)

    assert refusal_of(strict, upload) == "damaged"
    assert not is_running(pid)
    assert pid_of(strict) != pid
    strict.close()


def test_memory_is_bounded() -> None:
    """A picture within all bounds that needs more memory than there is harms nobody else."""
    cramped = ImageDecoder(processes=1, limits=Limits(memory_bytes=90 * MEGABYTE))
    large = encoded(Image.effect_noise((1700, 1700), 30).convert("RGBA"), "WEBP", method=0)
    assert normalise_avatar(large)

    assert refusal_of(cramped, large) == "damaged"
    assert cramped.avatar(portrait()) == normalise_avatar(portrait())
    cramped.close()


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL, signal.SIGXCPU])
def test_a_crash_in_the_middle_is_a_damaged_picture(number: signal.Signals) -> None:
    """However the process dies over a picture, the sender is told and the next one is served."""
    decoder = ImageDecoder(processes=1)
    pid = pid_of(decoder)
    upload, begun = endless_jpeg(), ticks_of(pid)
    codes: list[str] = []
    sender = threading.Thread(target=lambda: codes.append(refusal_of(decoder, upload)))
    sender.start()
    while ticks_of(pid) < begun + 5:  # it is in the middle of decoding
        time.sleep(0.001)
    os.kill(pid, number)
    sender.join()

    assert codes == ["damaged"]
    assert pid_of(decoder) != pid
    decoder.close()


def test_a_process_that_died_while_it_waited_harms_nobody() -> None:
    """The machine was short of memory at night: the first picture of the morning is fine."""
    decoder = ImageDecoder(processes=1)
    os.kill(pid_of(decoder), signal.SIGKILL)

    assert decoder.avatar(portrait()) == normalise_avatar(portrait())
    decoder.close()


def test_a_process_that_hangs_is_replaced() -> None:
    """It takes no time of the processor and does not answer: the wall clock ends it."""
    decoder = ImageDecoder(processes=1, limits=Limits(wall_seconds=1.0))
    pid = pid_of(decoder)
    upload, begun = endless_jpeg(), ticks_of(pid)
    codes: list[str] = []
    sender = threading.Thread(target=lambda: codes.append(refusal_of(decoder, upload)))
    sender.start()
    while ticks_of(pid) < begun + 5:
        time.sleep(0.001)
    os.kill(pid, signal.SIGSTOP)
    sender.join()

    assert codes == ["damaged"]
    assert not is_running(pid)
    decoder.close()


def test_more_than_can_wait_are_sent_away() -> None:
    """A crowd meets a clear answer and nobody's memory; whoever waits too long, too."""
    decoder = ImageDecoder(processes=1, waiting=1, limits=Limits(wall_seconds=2.0))
    pid = pid_of(decoder)
    upload, told = endless_jpeg(), list[str]()

    def send() -> None:
        try:
            decoder.avatar(upload)
        except (DecoderBusy, ImageRefused) as problem:
            told.append(type(problem).__name__)

    senders = [threading.Thread(target=send) for _ in range(6)]
    for sender in senders:
        sender.start()
    while len(told) < 4:
        time.sleep(0.001)
    assert is_running(pid)
    assert told == ["DecoderBusy"] * 4
    for sender in senders:
        sender.join()

    assert "ImageRefused" in told[4:]
    assert decoder.avatar(portrait()) == normalise_avatar(portrait())
    decoder.close()


def test_that_no_process_starts_is_not_the_senders_fault() -> None:
    """With too little memory even to begin, the picture is not called damaged."""
    decoder = ImageDecoder(limits=Limits(memory_bytes=1 * MEGABYTE))

    with pytest.raises(DecoderBusy):
        decoder.avatar(portrait())


def test_processes_end_with_the_one_that_started_them() -> None:
    """A web process that is killed outright leaves nobody behind."""
    program = (
        "import os, sys, signal; from wxapp_backend.drawing.decoder import ImageDecoder;"
        "room = ImageDecoder(processes=1); room.avatar(sys.stdin.buffer.read());"
        "print(room.idle_pids[0], flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run(  # noqa: S603 # our own interpreter and program
        [sys.executable, "-c", program], input=portrait(), capture_output=True, check=False
    )
    pid = int(done.stdout)

    assert done.returncode == -signal.SIGKILL
    for _ in range(2000):
        if not is_running(pid) or "State:\tZ" in Path(f"/proc/{pid}/status").read_text("ascii"):
            break
        time.sleep(0.01)
    else:
        pytest.fail("the process is still there")


def _png_that_lies(width: int, height: int) -> bytes:
    """Return a PNG whose header names another size than its rows have."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(bytes(50_000_000), 9))
    return b"\x89PNG\r\n\x1a\n" + header + rows + chunk(b"IEND", b"")


BOMBS: dict[str, Callable[[], bytes]] = {
    "pixels": lambda: encoded(Image.new("1", (9400, 9400)), "PNG"),
    "webp": lambda: encoded(Image.new("RGB", (1900, 1900)), "WEBP", method=0),
    "rows": lambda: _png_that_lies(64, 64),
    "no rows": lambda: _png_that_lies(1, 8000)[:60],
    "text": lambda: encoded(Image.new("RGB", (16, 16)), "PNG")[:33] + _ztxt(),
}


def _ztxt() -> bytes:
    body = b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9)
    head = struct.pack(">I", len(body)) + b"zTXt" + body
    return head + struct.pack(">I", zlib.crc32(b"zTXt" + body))


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_cost_this_process_nothing(decoder: ImageDecoder, name: str) -> None:
    """Small files of huge pictures, rows or texts: refused or harmless, and the room serves on."""
    bomb = BOMBS[name]()
    status = Path("/proc/self/status")
    pid_of(decoder)

    def resident() -> int:
        return int(status.read_text("ascii").split("VmRSS:")[1].split()[0])

    before = resident()
    with suppress(ImageRefused):
        assert len(decoder.avatar(bomb)) < MEGABYTE

    assert resident() - before < 8 * 1024
    assert decoder.avatar(portrait()) == normalise_avatar(portrait())


def test_damaged_files_never_reach_beyond_the_room(decoder: ImageDecoder) -> None:
    """Files with flipped bits and cut ends are read or refused; nothing else comes of them."""
    chance = Random(5)  # noqa: S311 # no secret
    picture = Image.open(io.BytesIO(portrait())).convert("RGB")
    for format_name in ("JPEG", "PNG", "WEBP"):
        whole = encoded(picture, format_name)
        for _ in range(60):
            damaged = bytearray(whole[: chance.randint(len(whole) // 2, len(whole))])
            for _ in range(chance.randint(1, 12)):
                damaged[chance.randrange(16, len(damaged))] ^= 1 << chance.randrange(8)
            with suppress(ImageRefused):
                assert decoder.avatar(bytes(damaged)).startswith(b"\xff\xd8\xff")
