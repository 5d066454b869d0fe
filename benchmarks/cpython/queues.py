# SPDX-License-Identifier: Apache-2.0
"""What CPython's interpreter queues do, for comparison: python3 - < benchmarks/cpython/queues.py

One line per figure: name, value, unit. Needs CPython 3.14, the first with concurrent.interpreters. The names are those of
dev.interlock.benchmarks.QueueFigures.
"""

import statistics
import threading
import time
from concurrent import interpreters

MIB = 1 << 20


def show(name, value, unit):
    print(f"{name}\t{value:.6g}\t{unit}", flush=True)


def timed(body):
    start = time.perf_counter()
    body()
    return time.perf_counter() - start


def put_get(queue, item, rounds):
    for _ in range(rounds):
        queue.put(item)
        queue.get()


def one_thread(name, item, rounds, unit="us"):
    queue = interpreters.create_queue()
    put_get(queue, item, rounds // 10)
    seconds = statistics.median(timed(lambda: put_get(queue, item, rounds)) for _ in range(5))
    show(name, seconds / rounds * 1e6, unit)


def one_way(count=100_000):
    """One interpreter puts, this one gets; it asks again and again, because a blocking get sleeps 10 ms."""
    queue = interpreters.create_queue()
    other = interpreters.create()
    other.prepare_main(queue=queue, count=count)

    def drain():
        for _ in range(count):
            while True:
                try:
                    queue.get_nowait()
                    break
                except interpreters.QueueEmpty:
                    pass

    def body():
        producer = threading.Thread(target=other.exec, args=("for i in range(count): queue.put((i, 'ab', 2.5))",))
        producer.start()
        drain()
        producer.join()

    best = min(timed(body) for _ in range(5))
    show("one way, small tuple", count / best, "/s")
    other.close()


def round_trips(rounds=100):
    there, back = interpreters.create_queue(), interpreters.create_queue()
    other = interpreters.create()
    other.prepare_main(there=there, back=back, rounds=rounds)
    echo = threading.Thread(target=other.exec, args=("for _ in range(rounds): back.put(there.get())",))
    echo.start()
    times = []
    for i in range(rounds):
        start = time.perf_counter()
        there.put(i)
        back.get()
        times.append(time.perf_counter() - start)
    echo.join()
    show("round trip, blocking", statistics.median(times) * 1e6, "us")
    other.close()


if __name__ == "__main__":
    one_thread("put + get, small tuple", (1, "ab", 2.5), 100_000)
    one_thread("put + get, 1 MiB of bytes", bytes(MIB), 1_000)
    one_thread("put + get, 1 MiB of shared memory", memoryview(bytearray(MIB)), 100_000)
    one_way()
    round_trips()
