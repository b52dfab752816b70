#!/usr/bin/env python3
"""Eight steps with a graph, through Polywire's bridge; the same as BoltExample.java.

Start Polywire with a bolt connector first, whose server is Neo4j, and a bridge that permits call polywire.bolt "*"; then: python3 examples/python/bolt_demo.py [port of the bridge]
"""

import json
import sys

from polywire import Polywire, PolywireError

BOLT = "polywire.bolt"


def main(port=7000):
    with Polywire(port=port) as polywire:

        def run(query, **more):
            return polywire.call(BOLT, "run", query=query, **more)

        run("MATCH (n:Step) DELETE n")

        server = polywire.call(BOLT, "ping")
        show("1 connected to", server["server"].split(".")[0], "by Bolt", server["version"].split(".")[0])

        one = run("RETURN 1 AS num")
        show("2 query:", one["fields"], one["records"])

        both = polywire.call(BOLT, "pipeline", statements=[{"query": "RETURN 1 AS num"}, {"query": "RETURN 2 AS num"}])
        show("3 pipeline:", [each["records"] for each in both["results"]])

        try:
            run("This will cause a syntax error")
        except PolywireError as failure:
            show("4 failure:", failure.code, failure.server["code"])

        show("5 summary:", run("CREATE (:Step {number: 5})")["summary"]["stats"]["nodes-created"], "node")

        profile = run("PROFILE RETURN 1 AS num")["summary"]["profile"]
        show("6 profile:", operators(profile), "rows:", profile["rows"])

        show("7 notification:", warning(run("EXPLAIN MATCH (n), (m) RETURN n, m")["summary"]))

        # A stream: the server makes as many records as are read.
        for (node,) in polywire.stream(BOLT, "open", query="MATCH (n:Step) RETURN n"):
            show("8 node:", node["_value"]["_labels"], node["_value"]["_properties"])


def show(*parts):
    print(*(part if isinstance(part, str) else json.dumps(part, separators=(",", ":")) for part in parts))


def operators(plan):
    own = plan["operatorType"].split("@")[0]
    return own + "".join(" < " + operators(child) for child in plan.get("children", []))


def warning(summary):
    """From Bolt 5.7 on statuses, of which the first is that of the query itself; before notifications."""
    if "statuses" in summary:
        return next(status["neo4j_code"] for status in summary["statuses"] if "neo4j_code" in status)
    return summary["notifications"][0]["code"]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
