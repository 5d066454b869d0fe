# SPDX-License-Identifier: Apache-2.0
"""What CPython's process pools do, for comparison: python3 - < benchmarks/cpython/pool.py

One line per figure: name, value, unit. ProcessPoolExecutor with two workers unless the name says "Pool". Needs nothing
but CPython 3.9 or newer; the tasks are functions of the standard library, so that no child has to import this file.
"""

import collections
import concurrent.futures
import multiprocessing
import os
import signal
import statistics
import time

WORKERS = 2
MIB = 1 << 20


def show(name, value, unit):
    print(f"{name}\t{value:.6g}\t{unit}", flush=True)


def timed(body):
    start = time.perf_counter()
    body()
    return time.perf_counter() - start


def drain(iterable):
    collections.deque(iterable, maxlen=0)


def pipe_round_trip(rounds=20_000):
    """Two processes, two pipes, one byte to and back: the floor of a blocking round trip."""
    to_child, from_parent = os.pipe()
    to_parent, from_child = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(from_parent)
        while byte := os.read(to_child, 1):
            os.write(from_child, byte)
        os._exit(0)
    os.close(to_child)
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        os.write(from_parent, b"x")
        os.read(to_parent, 1)
        times.append(time.perf_counter() - start)
    os.close(from_parent)
    os.waitpid(child, 0)
    show("pipe round trip", statistics.median(times) * 1e6, "us")


def round_trips(pool, rounds=5_000):
    for _ in range(500):
        pool.submit(abs, -1).result()
    times = [timed(lambda: pool.submit(abs, -1).result()) for _ in range(rounds)]
    show("round trip", statistics.median(times) * 1e6, "us")


def submit_all(pool, count=20_000):
    def body():
        for future in [pool.submit(abs, -1) for _ in range(count)]:
            future.result()

    body()
    show("submit all, get all", count / timed(body), "/s")


def maps(pool):
    for chunk, items in ((1, 20_000), (100, 400_000), (10_000, 4_000_000)):
        seconds = min(timed(lambda: drain(pool.map(abs, range(items), chunksize=chunk))) for _ in range(2))
        show(f"map, chunk {chunk}", items / seconds, "/s")


def pool_maps():
    with multiprocessing.get_context("forkserver").Pool(WORKERS) as pool:
        drain(pool.imap(abs, range(1000), 10))
        for chunk, items in ((1, 50_000), (100, 1_000_000), (10_000, 8_000_000)):
            seconds = min(timed(lambda: pool.map(abs, range(items), chunksize=chunk)) for _ in range(2))
            show(f"Pool: map, chunk {chunk}", items / seconds, "/s")


def payloads(pool):
    for size, rounds in ((MIB, 100), (64 * MIB, 4)):
        data = bytes(size)
        for name, task, factor in (("sink", len, 1), ("echo", bytes, 2)):
            pool.submit(task, data).result()
            seconds = timed(lambda: [pool.submit(task, data).result() for _ in range(rounds)])
            show(f"{size // MIB} MiB {name}", rounds * size / 1e6 / seconds, "MB/s")
        del data


def first_result(method, rounds=7):
    context = multiprocessing.get_context(method)
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        pool = concurrent.futures.ProcessPoolExecutor(1, mp_context=context)
        pool.submit(abs, -1).result()
        times.append(time.perf_counter() - start)
        pool.shutdown()
    show(f"first result, {method}", statistics.median(times) * 1e3, "ms")


def killed(rounds=15):
    times = []
    for _ in range(rounds):
        with concurrent.futures.ProcessPoolExecutor(1) as pool:
            pid = pool.submit(os.getpid).result()
            future = pool.submit(time.sleep, 60)
            while not future.running():
                time.sleep(0.001)
            time.sleep(0.05)
            start = time.perf_counter()
            os.kill(pid, signal.SIGKILL)
            concurrent.futures.wait([future])
            times.append(time.perf_counter() - start)
    show("killed child noticed", statistics.median(times) * 1e3, "ms")


def memory(pool):
    for _ in range(100):
        pool.submit(abs, -1).result()
    sizes = []
    for pid in pool._processes:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as lines:
            sizes += [int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")]
    show("PSS of a child", statistics.mean(sizes), "MiB")


def speed_up(pool, tasks=40):
    size = 1_000_000
    size = int(size * 0.05 / min(timed(lambda: sum(range(size))) for _ in range(5)))
    with concurrent.futures.ProcessPoolExecutor(1) as one:
        one.submit(sum, range(size)).result()
        alone = timed(lambda: drain(one.map(sum, [range(size)] * tasks)))
    pool.submit(sum, range(size)).result()
    together = timed(lambda: drain(pool.map(sum, [range(size)] * tasks)))
    show("speed-up, 50 ms tasks", alone / together, "x")


if __name__ == "__main__":
    globals().pop("__file__", None)  # children need nothing of this file, and would look for "<stdin>"
    pipe_round_trip()
    with concurrent.futures.ProcessPoolExecutor(WORKERS) as executor:
        round_trips(executor)
        submit_all(executor)
        maps(executor)
        payloads(executor)
        memory(executor)
        speed_up(executor)
    pool_maps()
    first_result("spawn")
    first_result("forkserver")
    killed()
