# SPDX-License-Identifier: Apache-2.0
"""What CPython's interpreters do, for comparison: python3 - < benchmarks/cpython/interpreters.py

One line per figure: name, value, unit. benchmarks/run interpreters measures the same of Interlock's. Needs CPython 3.14 or newer.
"""

import concurrent.futures
import statistics
import time
from concurrent import interpreters


def show(name, value, unit):
    print(f"{name}\t{value:.6g}\t{unit}", flush=True)


def timed(body):
    start = time.perf_counter()
    body()
    return time.perf_counter() - start


def one():
    return 1


def create(rounds=100):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        interpreter = interpreters.create()
        times.append(time.perf_counter() - start)
        interpreter.close()
    show("create", statistics.median(times) * 1e3, "ms")
    show("create, p90", sorted(times)[rounds * 9 // 10] * 1e3, "ms")


def create_and_call(rounds=100):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        interpreter = interpreters.create()
        interpreter.call(one)
        times.append(time.perf_counter() - start)
        interpreter.close()
    show("create and call", statistics.median(times) * 1e3, "ms")


def call(interpreter, rounds=5_000):
    for _ in range(500):
        interpreter.call(one)
    times = [timed(lambda: interpreter.call(one)) for _ in range(rounds)]
    show("call", statistics.median(times) * 1e6, "us")


def call_after_pause(interpreter, rounds=500):
    times = []
    for _ in range(rounds):
        time.sleep(0.001)
        times.append(timed(lambda: interpreter.call(one)))
    show("call after 1 ms", statistics.median(times) * 1e6, "us")


def execute(interpreter, rounds=1_000):
    times = [timed(lambda: interpreter.exec("x = 1")) for _ in range(rounds)]
    show("exec", statistics.median(times) * 1e6, "us")


def resident_bytes():
    with open("/proc/self/smaps_rollup", encoding="ascii") as lines:
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Rss:"))


def memory(count=50):
    before = resident_bytes()
    made = [interpreters.create() for _ in range(count)]
    show("idle memory of one", (resident_bytes() - before) / count / (1 << 20), "MiB")
    for interpreter in made:
        interpreter.close()


def crunch(rounds):
    total = 1
    for i in range(rounds):
        total = (total * 6364136223846793005 + i) & 0xFFFFFFFFFFFFFFFF
    return total


def pool():
    with concurrent.futures.InterpreterPoolExecutor(max_workers=2) as executor:
        for _ in range(1_000):
            executor.submit(abs, -1).result()
        times = [timed(lambda: executor.submit(abs, -1).result()) for _ in range(5_000)]
        show("pool, round trip", statistics.median(times) * 1e6, "us")

        def all_of(count):
            for future in [executor.submit(abs, -1) for _ in range(count)]:
                future.result()

        count = 20_000
        show("pool, submit all, get all", count / min(timed(lambda: all_of(count)) for _ in range(5)), "/s")

        tasks = [400_000] * 40
        together = timed(lambda: list(executor.map(crunch, tasks)))
    with concurrent.futures.InterpreterPoolExecutor(max_workers=1) as executor:
        list(executor.map(crunch, tasks[:1]))
        alone = timed(lambda: list(executor.map(crunch, tasks)))
    show("pool, speed-up of two", alone / together, "x")


if __name__ == "__main__":
    create()
    create_and_call()
    warm = interpreters.create()
    call(warm)
    call_after_pause(warm)
    execute(warm)
    warm.close()
    memory()
    pool()
