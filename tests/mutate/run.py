#!/usr/bin/env python3
"""Breaks single lines of the runtime, one at a time, and asks the quick tests whether they notice.

    tests/mutate/run.py [--count 500] [--seed 1] [--only runtime/tree.c,...] [--jobs 2] [--asan]

A sample of the lines that can be broken, each as likely as any other, and of each line one break (breaks.py). The
tests are linked against the runtime as a shared library, so that a break costs one compilation and one link. Tests
that killed breaks of the same file before come first, then the cheap ones; with --asan what survives them all is tried once
more under ASan and UBSan. Survivors are printed as lines that tests/mutate/equivalent can take, with the reason why no
test can notice. The result is in build/mutate/results: "KILLED SURVIVED".
"""

import argparse
import concurrent.futures
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from glob import glob

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from breaks import breaks_of

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIB = "libshunt-broken.so"
# The builds whose objects are taken, and their flags: as in the Makefile.
BUILDS = {"plain": "build", "asan": "build/asan"}
SANITIZE = "-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer"
FLAGS = {"plain": [], "asan": ["CFLAGS=-O1 -g", f"SAN_FLAGS={SANITIZE}"]}
# What is broken is compiled quickly.
QUICKLY = "-O1 -g0"
GOLDENS = "match route explain dump".split()
# What is not asked: these are about the compiler and the program, and notice a break of the runtime late if at all; the
# last two are not quick.
NOT_ASKED = re.compile(
    "tests/(proof|tools|threads|ops)/|tests/fault/(?!test_library_memory)|tests/cli/test_(rfc3339|lines|textdiff)|tests/unit/test_(holidays|resolve.*|dsl|lex|diag"
    "|sources|base|units|yaml.*|fmt_yaml|print_yaml|parse_cond|check.*|format_page)$|tests/corrupt/test_corrupt$|tests/unit/test_limits$"
)
# Programs of random cases, with fewer of them: (seconds of processor time as they stand are 5 to 40).
FEWER = {
    "tests/unit/test_random": [
        {"CK_RUN_CASE": "match", "SHUNT_RANDOM_SEEDS": "40"},
        {"CK_RUN_CASE": "hours", "SHUNT_RANDOM_SEEDS": "40"},
    ],
    "tests/desk/test_random_desk": [{"SHUNT_RANDOM_SEEDS": "10"}],
    "tests/desk/test_random_replace": [{"SHUNT_RANDOM_SEEDS": "8"}],
}


class Step:
    """One program to run, and what it costs where nothing is broken."""

    def __init__(self, command, settings=None, what=None):
        self.command, self.settings, self.cost = command, settings or {}, 0.0
        self.name = what or command[0] + "".join(f" {k}={v}" for k, v in self.settings.items() if k == "CK_RUN_CASE")


def steps():
    found = []
    for source in sorted(glob("tests/*/test_*.c")):
        program = source[:-2]
        if NOT_ASKED.match(program):
            continue
        for settings in FEWER.get(program, [{}]):
            found.append(Step([program], settings))
    for target in sorted(glob("tests/fuzz/fuzz_[erst]*.c")):
        found.append(Step([target[:-2], "tests/fuzz/corpus/" + os.path.basename(target)[:-2]]))
    for folder in GOLDENS:
        found.append(Step(["tests/run_tests"], {"PARTS": folder}, what="golden/" + folder))
    return found


class Build:
    """All tests, linked against the shared runtime: in build/mutate/plain or build/mutate/asan."""

    def __init__(self, kind):
        self.kind, self.at = kind, f"build/mutate/{kind}"
        self.steps = steps()

    def make(self):
        """The objects of the ordinary build, and of that with sanitizers, will do: only what is linked is linked anew."""
        make = ["make", "--no-print-directory", "-s", f"-j{JOBS}"]
        variables = [f"BUILD={self.at}", f"LIB_A={self.at}/{LIB}", *FLAGS[self.kind]]
        programs = ["shunt", *sorted({s.command[0] for s in self.steps if s.command[0] != "tests/run_tests"})]
        ordinary = [f"BUILD={BUILDS[self.kind]}", *FLAGS[self.kind], *(f"{BUILDS[self.kind]}/{p}.o" for p in programs[1:])]
        subprocess.run([*make, *ordinary, f"{BUILDS[self.kind]}/shunt"], check=True, stdout=subprocess.DEVNULL)
        copy_objects(BUILDS[self.kind], self.at)
        subprocess.run([*make, *variables, *(f"{self.at}/{p}" for p in programs)], check=True, stdout=subprocess.DEVNULL)
        printed = subprocess.run(["make", "-s", *variables, "print-runtime"], check=True, capture_output=True, text=True)
        self.compile, self.link, self.libs = printed.stdout.strip("\n").split("\n")

    def measure(self, cost_max):
        """Every step must pass where nothing is broken; those that cost more than cost_max seconds are left out."""
        kept = self.kept_costs()
        for s in self.steps:
            if s.name in kept:
                s.cost = kept[s.name]
                continue
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            ok, log = run_step(self, s, self.at, 600)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            s.cost = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            if not ok:
                sys.exit(f"{self.at}: {s.name} fails where nothing is broken\n{log}")
            kept[s.name] = s.cost
        with open(self.at + "/costs", "w") as f:
            json.dump(kept, f)
        self.steps = sorted((s for s in self.steps if s.cost < cost_max), key=lambda s: s.cost)

    def kept_costs(self):
        """Of an earlier run, where no program has been linked since."""
        kept = self.at + "/costs"
        made = [os.path.getmtime(path) for path in glob(self.at + "/tests/*/*") + [f"{self.at}/{LIB}"]]
        if not os.path.exists(kept) or os.path.getmtime(kept) < max(made):
            return {}
        with open(kept) as f:
            return json.load(f)


def copy_objects(build, to):
    """With their times, so that make takes them for its own."""
    for top, folders, files in os.walk(build):
        if top == build:
            folders[:] = [f for f in folders if f in ("compiler", "cli", "grammar", "gen", "tests", "runtime")]
        for name in files:
            ours = os.path.join(to, os.path.relpath(top, build), name)
            theirs = os.path.join(top, name)
            if not (name.endswith((".o", ".d", ".a", ".so")) or name == "flags" or "/gen" in top):
                continue
            if os.path.exists(ours) and os.path.getmtime(ours) >= os.path.getmtime(theirs):
                continue
            os.makedirs(os.path.dirname(ours), exist_ok=True)
            shutil.copy2(theirs, ours)


def limits(cpu_sec, addresses):
    def set_limits():
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_sec, cpu_sec + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 28, 1 << 28))
        if addresses:
            resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))

    return set_limits


def run_step(build, step, library_at, cpu_sec):
    """(whether it passed, the end of what it said). The library that it is tried with is in library_at."""
    env = dict(os.environ, LD_LIBRARY_PATH=os.path.abspath(library_at), SHUNT=os.path.abspath(build.at + "/shunt"))
    env.update(CK_FORK="no", CK_VERBOSITY="minimal", SHUNT_RANDOM_BAD="1", LC_ALL="C", BUILD=build.at, NO_COLOR="1")
    env.update(ASAN_OPTIONS="detect_leaks=1:hard_rss_limit_mb=3000:allocator_may_return_null=1", **step.settings)
    script = step.command[0] == "tests/run_tests"
    command = [*step.command, build.at] if script else [build.at + "/" + step.command[0], *step.command[1:]]
    p = subprocess.Popen(
        command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        preexec_fn=limits(cpu_sec, build.kind == "plain"),
    )
    try:
        out, _ = p.communicate(timeout=60 + 20 * cpu_sec)
    except subprocess.TimeoutExpired:
        out = b"too long\n"
    try:
        os.killpg(p.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    p.wait()
    return p.returncode == 0, out[-2000:].decode(errors="replace")


class Worker:
    """A copy of runtime/ to break, the objects of the rest, and a library of both."""

    def __init__(self, number, builds):
        self.at, self.builds = f"build/mutate/worker{number}", builds
        shutil.rmtree(self.at, ignore_errors=True)
        shutil.copytree("runtime", self.at + "/runtime")
        for b in builds.values():
            os.makedirs(f"{self.at}/{b.kind}")

    def shell(self, command):
        return subprocess.run(command, shell=True, capture_output=True, text=True)

    def compiled(self, build, source):
        name = os.path.basename(source)[:-2]
        out = f"{self.at}/{build.kind}/{name}.o"
        r = self.shell(f"{build.compile} {QUICKLY} -w -iquote {self.at}/runtime -c -o {out} {self.at}/{source}")
        return out if r.returncode == 0 else None

    def library(self, build, sources):
        """Compiles the sources and links them with the other objects; "does not compile", "the same", or None."""
        made, same = {}, True
        for source in sources:
            out = self.compiled(build, source)
            if not out:
                return "does not compile"
            made[source] = out
            with open(out, "rb") as a, open(f"build/mutate/base/{build.kind}/{os.path.basename(out)}", "rb") as b:
                same &= a.read() == b.read()
        if same and build.kind == "plain":
            return "the same"
        objects = [made.get(s, f"build/mutate/base/{build.kind}/{os.path.basename(s)[:-2]}.o") for s in SOURCES]
        r = self.shell(f"{build.link} -shared -Wl,-soname,{LIB} -o {self.at}/{build.kind}/{LIB} {' '.join(objects)} {build.libs}")
        return None if r.returncode == 0 else "does not compile"

    def tried(self, b, whole):
        """(what became of it, by what). b is broken while this runs."""
        with open(f"{self.at}/{b.path}", "w") as f:
            f.write(b.apply(whole))
        try:
            return self.asked(b)
        finally:
            with open(f"{self.at}/{b.path}", "w") as f:
                f.write(whole)

    def asked(self, b):
        sources = [b.path] if b.path.endswith(".c") else USERS[b.path]
        for build in self.builds.values():
            trouble = self.library(build, sources)
            if trouble:
                return trouble, ""
            for step in ordered(build, b.path):
                ok, _ = run_step(build, step, f"{self.at}/{build.kind}", int(5 * step.cost + 2))
                if not ok:
                    with LOCK:
                        KILLS[b.path + " " + step.name] += 1
                        KILLS[step.name] += 1
                    return "killed", f"{step.name} ({build.kind})"
        return "survived", ""


def kept_kills():
    """Of earlier runs: what kills breaks of which file."""
    if not os.path.exists("build/mutate/kills"):
        return Counter()
    with open("build/mutate/kills") as f:
        return Counter(json.load(f))


def ordered(build, path):
    with LOCK:
        return sorted(build.steps, key=lambda s: -(KILLS[path + " " + s.name] * 10 + KILLS[s.name] * 0.1) / (s.cost + 0.05) + s.cost)


# ---- breaks ----

def one_line(text):
    return " ".join(text.split())


def shown(b, whole):
    """The lines that it is in, before and after, as one line each."""
    first, last = whole.rfind("\n", 0, b.at) + 1, whole.find("\n", b.end)
    return one_line(whole[first:last]), one_line(whole[first : b.at] + b.text + whole[b.end : last])


def equivalents():
    """{(path, before, after)}; after "*": any break of that line."""
    found = set()
    with open("tests/mutate/equivalent") as f:
        for line in f:
            m = re.match(r"(runtime/\S+): (.*?) ==> (.*)$", line)
            if m:
                found.add((m[1], m[2].strip(), m[3].strip()))
    return found


def drawn(seed, paths):
    """Every line once, in random order, with one break each; then the breaks that are left."""
    dice, by_line = random.Random(seed), {}
    for path in paths:
        for b in breaks_of(path, WHOLE[path]):
            by_line.setdefault((path, b.line), []).append(b)
    lines = sorted(by_line)
    while lines:
        dice.shuffle(lines)
        for line in lines:
            kind = dice.choice(sorted({b.kind for b in by_line[line]}))
            b = dice.choice([b for b in by_line[line] if b.kind == kind])
            by_line[line].remove(b)
            yield b
        lines = sorted(line for line in lines if by_line[line])


def survivors(log, paths):
    """Those breaks of which a log says that they survived."""
    with open(log) as f:
        fields = [line.rstrip("\n").split("\t") for line in f]
    wanted = {(x[1].split(":")[0], x[4]) for x in fields if x[0] == "survived"}
    for path in paths:
        for b in breaks_of(path, WHOLE[path]):
            before, after = shown(b, WHOLE[path])
            if (path, f"{before} ==> {after}") in wanted:
                wanted.remove((path, f"{before} ==> {after}"))
                yield b


def users_of(header):
    """The sources that include it, by what the compiler wrote beside the objects."""
    found = []
    for source in SOURCES:
        with open(f"build/mutate/plain/{source[:-2]}.d") as f:
            if re.search(r"\b" + re.escape(header) + r"\b", f.read()):
                found.append(source)
    return found


def base_objects(builds):
    """What nothing is broken in, compiled as the broken ones are."""
    w = Worker("base", builds)
    for b in builds.values():
        os.makedirs(f"build/mutate/base/{b.kind}", exist_ok=True)
        for s in SOURCES:
            shutil.copy(w.compiled(b, s), f"build/mutate/base/{b.kind}/")


def main():
    global JOBS, SOURCES, WHOLE, USERS, KILLS, LOCK
    p = argparse.ArgumentParser()
    p.add_argument("--count", type=int, default=500)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--only", default="")
    p.add_argument("--asan", action="store_true", help="ask the tests with sanitizers too, of what survives")
    p.add_argument("--cost", type=float, default=60, help="leave out programs that take more seconds than this")
    p.add_argument("--again", default="", help="a log: only what survived in it")
    p.add_argument("--match", default="", help="only lines in which this is found")
    options = p.parse_args()
    os.chdir(TOP)
    JOBS, KILLS, LOCK = options.jobs, kept_kills(), threading.Lock()
    SOURCES = sorted(glob("runtime/*.c"))
    paths = options.only.split(",") if options.only else sorted(glob("runtime/*.[ch]"))
    WHOLE = {path: open(path).read() for path in paths}
    builds = {kind: Build(kind) for kind in (["plain", "asan"] if options.asan else ["plain"])}
    for b in builds.values():
        b.make()
        b.measure(options.cost if b.kind == "plain" else 4 * options.cost)
        print(f"{b.at}: {len(b.steps)} steps, {sum(s.cost for s in b.steps):.1f} s", flush=True)
    USERS = {path: users_of(path) for path in paths if path.endswith(".h")}
    shutil.rmtree("build/mutate/base", ignore_errors=True)
    base_objects(builds)
    run(options, builds, paths)


def run(options, builds, paths):
    known, began = equivalents(), resource.getrusage(resource.RUSAGE_CHILDREN)
    workers = [Worker(n, builds) for n in range(options.jobs)]
    sample, results = survivors(options.again, paths) if options.again else drawn(options.seed, paths), []
    state = {"done": 0}

    def work(w):
        while True:
            with LOCK:
                b = next(sample, None)
                if not b or state["done"] >= options.count:
                    return
                before, after = shown(b, WHOLE[b.path])
                if options.match and options.match not in before:
                    continue
                state["done"] += 1
            what, by = w.tried(b, WHOLE[b.path])
            if what == "survived" and ((b.path, before, after) in known or (b.path, before, "*") in known):
                what = "equivalent"
            with LOCK:
                if what in ("does not compile", "the same"):
                    state["done"] -= 1
                results.append((b, what, by))
                say(b, what, by, before, after)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for f in [pool.submit(work, w) for w in workers]:
            f.result()
    report(options, results, began)


def say(b, what, by, before, after):
    with open("build/mutate/log", "a") as f:
        f.write(f"{what}\t{b.path}:{b.line}\t{b.kind}\t{by}\t{before} ==> {after}\n")
    if what == "survived":
        print(f"{b.path}:{b.line}: {b.kind}\n{b.path}: {before} ==> {after}", flush=True)


def report(options, results, began):
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
    count = Counter(what for _, what, _ in results)
    killed, survived, equivalent = count["killed"], count["survived"], count["equivalent"]
    tried = killed + survived + equivalent
    by_file = Counter((b.path, what) for b, what, _ in results)
    for path in sorted({b.path for b, _, _ in results}):
        if by_file[path, "survived"]:
            print(f"  {path}: {by_file[path, 'killed']} killed, {by_file[path, 'survived']} survived")
    print(f"not counted: {count['the same']} that change no instruction, {count['does not compile']} that do not compile")
    print(f"seed {options.seed}: {tried} breaks, {killed} noticed, {equivalent} that nothing can notice, {survived} survived; "
          f"{100 * killed / max(1, tried):.1f} % noticed of all, {100 * killed / max(1, killed + survived):.1f} % of those that can be; "
          f"{spent / max(1, len(results)):.1f} s of processor time each")
    with open("build/mutate/kills", "w") as f:
        json.dump(KILLS, f)
    with open("build/mutate/results", "w") as f:
        f.write(f"{killed} {survived}\n")


if __name__ == "__main__":
    main()
