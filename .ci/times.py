#!/usr/bin/env python3
"""Where the time of a build went.

    .ci/times.py                    of the last `.ci/run` or `mvn verify`: stages, shares, the slowest test classes, and what
                                    has changed against src/test/times.txt
    .ci/times.py --update           writes src/test/times.txt anew

Stages are what `.ci/run` wrote to target/stages.txt, test classes what Surefire and Failsafe reported. It measures and never
fails: a busy machine is no fault of a change.
"""

import glob
import os
import re
import sys
import xml.etree.ElementTree as xml

REPORTS = {"surefire-reports": "", "failsafe-reports": "", "rabbitmq-reports": " with RabbitMQ", "rabbitmq-4-reports": " with RabbitMQ 4", "ferretdb-reports": ""}
STAGES = "target/stages.txt"
RECORD = "src/test/times.txt"
SLOWEST = 20

# Seconds of test classes, as CONTRIBUTING.md has them. The first part of the package, and the share it belongs to.
SHARES = {"core": 90, "mongodb": 90, "bolt": 90, "framed": 90, "amqp": 90, "eventstore": 90, "bridge": 120, "app": 150, "house": 30}
BELONGS = {"calls": "core", "contract": "core", "spi": "core", "embedded": "app", "examples": "app", "fuzz": "house", "testing": "house"}

# What is worth a line in a review: half a second of a class, and a fifth of it.
LEAST_SECONDS = 0.5
LEAST_RATIO = 0.2


def stages():
    if not os.path.exists(STAGES):
        return {}
    with open(STAGES, encoding="utf-8") as lines:
        return {name: float(seconds) for seconds, name in (line.rstrip("\n").split(" ", 1) for line in lines)}


def classes():
    """Seconds by class; with RabbitMQ a class has a row of its own."""
    found = {}
    for reports, suffix in REPORTS.items():
        for path in glob.glob(f"target/{reports}/TEST-*.xml"):
            suite = xml.parse(path).getroot()
            name = suite.get("name").removeprefix("dev.polywire.") + suffix
            found[name] = found.get(name, 0) + float(suite.get("time").replace(",", ""))
    return found


def shares(of_classes):
    found = dict.fromkeys(SHARES, 0.0)
    for name, seconds in of_classes.items():
        package = name.split(".")[0]
        if " with RabbitMQ" not in name:
            share = BELONGS.get(package, package)
            found[share] = found.get(share, 0) + seconds
    return found


def slowest(of_classes):
    return sorted(of_classes.items(), key=lambda each: -each[1])


def record(now):
    """Sections of lines `seconds name`; classes below a second are in their share only."""
    lines = ["# Seconds of a `.ci/run` on two cores, written by `.ci/times.py --update`."]
    for section, rows in now.items():
        lines += ["", f"[{section}]"]
        lines += [f"{seconds:7.1f}  {name}" for name, seconds in rows.items() if section != "classes" or seconds >= 1]
    return "\n".join(lines) + "\n"


def recorded():
    found, section = {}, None
    if os.path.exists(RECORD):
        with open(RECORD, encoding="utf-8") as lines:
            for line in lines:
                if match := re.fullmatch(r"\[(\w+)\]\n", line):
                    section = found.setdefault(match[1], {})
                elif match := re.fullmatch(r" *([0-9.]+)  (.*)\n", line):
                    section[match[2]] = float(match[1])
    return found


def change(before, now):
    if before is None:
        return "   new"
    return f"{now - before:+6.1f}" if abs(now - before) >= max(LEAST_SECONDS, LEAST_RATIO * before) else ""


def print_rows(title, rows, before, note=lambda name, seconds: ""):
    print(f"-- {title}")
    for name, seconds in rows:
        print(f"{seconds:7.1f} {change(before.get(name), seconds):>7}  {name}{note(name, seconds)}")


def main(arguments):
    of_classes = classes()
    if not of_classes:
        sys.exit("no test reports below target")
    now = {"stages": stages(), "shares": shares(of_classes), "classes": dict(slowest(of_classes))}
    if arguments == ["--update"]:
        with open(RECORD, "w", encoding="utf-8") as file:
            file.write(record(now))
        return
    before = recorded()
    print_rows("seconds of each stage, and the change", now["stages"].items(), before.get("stages", {}))
    print_rows(
        "seconds of test classes in each share",
        now["shares"].items(),
        before.get("shares", {}),
        lambda name, seconds: f" (of {SHARES.get(name, 0)})" + (" OVER ITS SHARE" if seconds > SHARES.get(name, 0) else ""),
    )
    rows = list(now["classes"].items())
    known = before.get("classes", {})
    print_rows(f"the {SLOWEST} slowest test classes", rows[:SLOWEST], known)
    changed = [row for row in rows[SLOWEST:] if row[1] >= 1 and known and change(known.get(row[0]), row[1])]
    print_rows("others that changed", changed, known)
    gone = [(name, 0.0) for name in known if name not in now["classes"]]
    print_rows("recorded, and not run", gone, known)


if __name__ == "__main__":
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    main(sys.argv[1:])
