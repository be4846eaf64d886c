"""A file on its way out: a piece at a time in memory, whole at the other end, gone from the disk."""

import asyncio
import hashlib
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.http import StreamingHttpResponse

from trustdesk.design.files import PIECE, hand_over

MEGABYTES = 24


def big(folder: Path) -> tuple[Path, str]:
    path = folder / "big.bin"
    digest = hashlib.sha256()
    with path.open("wb") as stream:
        for number in range(MEGABYTES):
            block = number.to_bytes(4, "big") * (1_048_576 // 4)
            digest.update(block)
            stream.write(block)
    return path, digest.hexdigest()


async def _taken(answer: StreamingHttpResponse) -> tuple[str, int]:
    digest, longest = hashlib.sha256(), 0
    async for piece in answer:
        digest.update(piece)
        longest = max(longest, len(piece))
    return digest.hexdigest(), longest


def test_memory_holds_a_piece_and_not_the_file(tmp_path: Path) -> None:
    path, digest = big(tmp_path)
    answer = hand_over(path, name="big.bin", media_type="application/octet-stream")
    assert answer["Content-Length"] == str(MEGABYTES * 1_048_576)
    tracemalloc.start()
    try:
        with ThreadPoolExecutor(1) as apart:  # a browser's loop may run in this thread
            taken = apart.submit(lambda: asyncio.run(_taken(answer))).result()
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken == (digest, PIECE)
    assert peak < 8 * PIECE
    answer.close()


def test_nothing_is_left_where_nobody_takes_it(tmp_path: Path) -> None:
    path, _digest = big(tmp_path)
    answer = hand_over(path, name="big.bin", media_type="application/octet-stream")
    assert list(tmp_path.iterdir()) == []
    answer.close()
