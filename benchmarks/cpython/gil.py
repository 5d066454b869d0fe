# SPDX-License-Identifier: Apache-2.0
"""What CPython's own lock does, for comparison: python3 benchmarks/cpython/gil.py

The increment experiment, the convoy (an I/O operation beside threads that compute), threads against one after
the other, and fetches that overlap. Needs nothing but CPython 3.8 or newer.
"""

import concurrent.futures
import socket
import statistics
import sys
import threading
import time

num = 0


def increment():
    global num
    num += 1


def increments(interval, attempts=100, submits=100):
    """Share of attempts that end at exactly `submits`."""
    global num
    before = sys.getswitchinterval()
    sys.setswitchinterval(interval)
    right = 0
    try:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for _ in range(attempts):
                num = 0
                concurrent.futures.wait([pool.submit(increment) for _ in range(submits)])
                right += num == submits
    finally:
        sys.setswitchinterval(before)
    return 100 * right / attempts


def crunch(n):
    total = 0
    for i in range(n):
        total += i * i
    return total


def convoy(hogs, operations=200):
    """Median and mean time, in us, of a byte sent to and back over a socket pair, beside so many threads that compute."""
    ours, theirs = socket.socketpair()
    stop = threading.Event()

    def hog():
        while not stop.is_set():
            crunch(2000)

    def echo():
        while data := theirs.recv(1):
            theirs.sendall(data)

    threads = [threading.Thread(target=hog) for _ in range(hogs)]
    for thread in threads:
        thread.start()
    times = []
    # The other end is a child process: it has no part in this lock.
    import multiprocessing

    child = multiprocessing.get_context("fork").Process(target=echo)
    child.start()
    try:
        for _ in range(operations):
            start = time.perf_counter()
            ours.sendall(b"x")
            ours.recv(1)
            times.append((time.perf_counter() - start) * 1e6)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        child.terminate()
        child.join()
        ours.close()
        theirs.close()
    return statistics.median(times), statistics.fmean(times)


def threads_against_sequential(n_threads, n=3_000_000, rounds=5):
    ratios = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(n_threads):
            crunch(n)
        sequential = time.perf_counter() - start
        threads = [threading.Thread(target=crunch, args=(n,)) for _ in range(n_threads)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ratios.append((time.perf_counter() - start) / sequential)
    return statistics.median(ratios)


def fetches(delays=(0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.05, 0.06, 0.07, 0.08)):
    """Ten waits on sockets against the slowest of them."""

    def fetch(delay):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            timer = threading.Timer(delay, theirs.sendall, (b"x",))
            timer.start()
            ours.recv(1)

    start = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(len(delays)) as pool:
        list(pool.map(fetch, delays))
    return (time.perf_counter() - start) / max(delays)


if __name__ == "__main__":
    print(sys.version.split()[0])
    for interval in (5e-3, 5e-7, 5e-10):
        print(f"increment  interval {interval:g} s: {increments(interval):.0f} % right")
    for hogs in (0, 1, 4):
        median, mean = convoy(hogs)
        print(f"convoy     {hogs} hogs: median {median:,.0f} us, mean {mean:,.0f} us per operation")
    for count in (2, 4, 8):
        print(f"threads    {count}: {threads_against_sequential(count):.3f} x sequential")
    print(f"fetches    10: {fetches():.2f} x the slowest")
