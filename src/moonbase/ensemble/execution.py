"""Blocks of draws in worker processes of this machine, in the order they were given.

Processes, because a campaign is many short array operations and threads would wait for one another.
Only where the system can fork: a child that starts afresh would run an unguarded script of the
caller's again.
"""

from __future__ import annotations

import multiprocessing
import os
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.sharedctypes import Synchronized
from typing import TypeVar

from moonbase.core.errors import NumericalError

_Block = TypeVar("_Block")
_Result = TypeVar("_Result")
Tick = Callable[[], None]
_POLL_s = 0.2

_ticks: Synchronized[int] | None = None
"""Steps done by all workers; set in a worker when it starts."""


def n_workers() -> int:
    """Processes that this machine runs at once."""
    return os.cpu_count() or 1


def _start(ticks: Synchronized[int]) -> None:
    global _ticks
    _ticks = ticks


def _tick() -> None:
    if _ticks is not None:
        with _ticks.get_lock():
            _ticks.value += 1


def _call(work: Callable[[_Block, Tick], _Result], block: _Block) -> _Result:
    return work(block, _tick)


def run_blocks(
    work: Callable[[_Block, Tick], _Result],
    blocks: Sequence[_Block],
    *,
    n_steps: int,
    progress: Callable[[float], None],
) -> list[_Result]:
    """Results of all blocks.

    Parameters
    ----------
    work : Callable
        Called with a block and a function to call after each of its steps; picklable.
    blocks : Sequence
    n_steps : int
        Steps of one block.
    progress : Callable
        Told the share of all steps done, 0 to 1.

    Returns
    -------
    list
        In the order of the blocks.

    Raises
    ------
    NumericalError
        A worker process died.

    Examples
    --------
    >>> run_blocks(lambda block, tick: 2 * block, [1], n_steps=1, progress=lambda share: None)
    [2]
    """
    workers = min(len(blocks), n_workers())
    if workers < 2 or "fork" not in multiprocessing.get_all_start_methods():
        return _run_here(work, blocks, n_steps, progress)
    context = multiprocessing.get_context("fork")
    ticks = context.Value("q", 0)
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(ticks,))
    try:
        with warnings.catch_warnings():
            # Python warns of forking beside the linear-algebra library's idle threads.
            warnings.simplefilter("ignore", DeprecationWarning)
            jobs = [pool.submit(_call, work, block) for block in blocks]
        pending = {*jobs}
        while pending:
            _, pending = wait(pending, timeout=_POLL_s, return_when=FIRST_EXCEPTION)
            progress(ticks.value / (n_steps * len(blocks)))
            if any(job.done() and job.exception() for job in jobs):
                break
        return [job.result() for job in jobs]
    except BrokenProcessPool as exc:
        raise NumericalError(
            "a worker process died before its draws were done",
            path="campaign",
            hint="run again with fewer --draws if memory is short; nothing was written",
        ) from exc
    except BaseException:
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _run_here(
    work: Callable[[_Block, Tick], _Result],
    blocks: Sequence[_Block],
    n_steps: int,
    progress: Callable[[float], None],
) -> list[_Result]:
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        progress(done / (n_steps * len(blocks)))

    return [work(block, tick) for block in blocks]
