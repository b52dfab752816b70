#!/usr/bin/env python3
"""A graph in Python that every Neo4j driver can ask: a Bolt server sends its queries here, through the bridge.

Start Polywire first:  mvn -q compile exec:java -Dexec.args="run --conf conf/graph.json"
                  or:  java -jar target/polywire.jar run --conf conf/graph.json
Then:                  python3 examples/python/serve_graph.py [port of the bridge [token]]
And ask it, at bolt://127.0.0.1:7688, with any driver.
"""

import re
import sys

from polywire import BAD_REQUEST, Failure, Polywire

GRAPH = "examples.graph"

PEOPLE = {1: ("Person", {"name": "Ada", "born": 1815}), 2: ("Person", {"name": "Charles", "born": 1791})}
MACHINES = {3: ("Machine", {"name": "Analytical Engine"})}
NODES = {**PEOPLE, **MACHINES}
RELATIONSHIPS = {1: (2, "DESIGNED", 3, {}), 2: (1, "PROGRAMMED", 3, {"year": 1843})}


def node(number):
    label, properties = NODES[number]
    return {"$type": "Node", "_value": {"_id": number, "_labels": [label], "_properties": properties}}


def relationship(number):
    start, type_, end, properties = RELATIONSHIPS[number]
    value = {"_id": number, "_start_node_id": start, "_end_node_id": end, "_type": type_, "_properties": properties}
    return {"$type": "Relationship", "_value": value}


def path(*numbers):
    """Node, relationship, node, ..."""
    return {"$type": "Path", "_value": [(relationship if i % 2 else node)(n) for i, n in enumerate(numbers)]}


def nodes(parameters):
    return ["n"], [[node(number)] for number in NODES]


def relationships(parameters):
    return ["a", "r", "b"], [[node(r[0]), relationship(n), node(r[2])] for n, r in RELATIONSHIPS.items()]


def named(parameters):
    return ["n"], [[node(number)] for number, (_, its) in NODES.items() if its["name"] == parameters.get("name")]


def between(parameters):
    return ["p"], [[path(1, 2, 3, 1, 2)]]


def numbers(parameters):
    """Many rows: none of them exists before a client wants it."""
    return ["n"], ([n] for n in range(1, parameters.get("count", 10) + 1))


QUERIES = {
    "MATCH (n) RETURN n": nodes,
    "MATCH (n {name: $name}) RETURN n": named,
    "MATCH (a)-[r]->(b) RETURN a, r, b": relationships,
    "MATCH p = (:Person)-[*]-(:Person) RETURN p": between,
    "UNWIND range(1, $count) AS n RETURN n": numbers,
}


def run(streams, query, parameters):
    found = QUERIES.get(re.sub(r"\s+", " ", query).strip())
    if found is None:
        refusal = {"code": "Neo.ClientError.Statement.SyntaxError", "message": "this graph knows other queries"}
        raise Failure(BAD_REQUEST, refusal["message"], server=refusal)
    fields, rows = found(parameters)
    if isinstance(rows, list):
        return {"fields": fields, "records": rows, "summary": {"type": "r"}, "done": True}
    return {"fields": fields, **streams.add(rows)}


def main(port=7000, token=None):
    with Polywire(port=int(port), token=token) as polywire:
        streams = polywire.room(GRAPH)

        def answer(action, arguments):
            if action != "run":
                raise Failure(BAD_REQUEST, "action: unknown (expected: run)")
            return run(streams, arguments["query"], arguments["parameters"])

        polywire.serve(GRAPH, answer)
        print("serving", GRAPH, flush=True)
        try:
            polywire.run()
        except (ConnectionError, KeyboardInterrupt):
            print("stopped")


if __name__ == "__main__":
    main(*sys.argv[1:])
