package dev.polywire.bench;

import static dev.polywire.bench.Workload.Figure.ALLOCATED;
import static dev.polywire.bench.Workload.Figure.CPU;
import static dev.polywire.bench.Workload.Figure.P50;
import static dev.polywire.bench.Workload.Figure.THROUGHPUT;

import dev.polywire.bench.Workload.Target;
import java.util.List;
import java.util.stream.Stream;

/** All there are. A wing adds its own. */
final class Workloads {

    private static final List<Workload> ALL = List.of(
            new Workload(
                    "framed echo, 1000 in flight",
                    EchoServer.class,
                    FramedEcho.class,
                    BareEcho.class,
                    400_000,
                    1_000,
                    List.of(new Target(THROUGHPUT, 0.8), new Target(ALLOCATED, 1.5))),
            new Workload(
                    "framed echo, 1 in flight",
                    EchoServer.class,
                    FramedEcho.class,
                    BareEcho.class,
                    20_000,
                    1,
                    List.of(new Target(P50, 1.1))),
            new Workload(
                    "mongodb ping on the bus, 64 in flight",
                    PingServer.class,
                    PingOnBus.class,
                    PingDirect.class,
                    300_000,
                    64,
                    List.of(new Target(CPU, 2.0))),
            new Workload(
                    "mongodb ping on the bus, against a bare request on it",
                    PingServer.class,
                    PingOnBus.class,
                    BareRequest.class,
                    300_000,
                    64,
                    List.of()),
            new Workload(
                    "call to nobody by a proxy, against the bus",
                    null,
                    NobodyThere.ByProxy.class,
                    NobodyThere.ByGenerated.class,
                    300_000,
                    64,
                    List.of(new Target(CPU, 1.2))),
            new Workload(
                    "stream of small items on the bus",
                    null,
                    ItemStream.class,
                    BareBatches.class,
                    100_000,
                    256,
                    List.of(new Target(THROUGHPUT, 0.5))),
            new Workload(
                    "mongodb documents, raw against JSON",
                    DocumentsServer.class,
                    FindStream.Raw.class,
                    FindStream.Json.class,
                    256_000,
                    1,
                    List.of()),
            new Workload(
                    "mongodb cursors to the end, JSON against raw",
                    CursorServer.class,
                    WholeCursor.Json.class,
                    WholeCursor.Raw.class,
                    4 * CursorServer.DOCUMENTS,
                    2,
                    List.of()),
            new Workload(
                    "bolt rows, one result",
                    RowServer.class,
                    BoltLoad.Rows.class,
                    DriverLoad.Rows.class,
                    400_000,
                    BoltLoad.SESSIONS,
                    List.of(new Target(CPU, 0.4), new Target(ALLOCATED, 0.4))),
            new Workload(
                    "bolt queries, 32 sessions",
                    RowServer.class,
                    BoltLoad.Queries.class,
                    DriverLoad.Queries.class,
                    20_000,
                    BoltLoad.SESSIONS,
                    List.of(new Target(CPU, 0.5))),
            new Workload(
                    "bolt queries, 1 in flight",
                    RowServer.class,
                    BoltLoad.Queries.class,
                    DriverLoad.Queries.class,
                    5_000,
                    1,
                    List.of(new Target(P50, 1.05))),
            new Workload(
                    "eventstore append of 1 KiB on the bus, 500 in flight",
                    ScriptedStore.class,
                    EventStoreOnBus.Appending.class,
                    EventStoreLoad.Appending.class,
                    50_000,
                    500,
                    List.of(new Target(CPU, 2.5))),
            new Workload(
                    "eventstore events on the bus, raw against JSON",
                    ScriptedStore.class,
                    EventStoreOnBus.Raw.class,
                    EventStoreOnBus.Json.class,
                    ScriptedEvents.EVENTS,
                    1,
                    List.of()),
            new Workload(
                    "neo4j rows, one result",
                    Neo4jRows.class,
                    BoltLoad.Rows.class,
                    DriverLoad.Rows.class,
                    100_000,
                    BoltLoad.SESSIONS,
                    List.of(new Target(CPU, 0.4), new Target(ALLOCATED, 0.4))),
            new Workload(
                    "neo4j queries, 32 sessions",
                    Neo4jRows.class,
                    BoltLoad.Queries.class,
                    DriverLoad.Queries.class,
                    10_000,
                    BoltLoad.SESSIONS,
                    List.of(new Target(CPU, 0.5))),
            new Workload(
                    "neo4j queries, 1 in flight",
                    Neo4jRows.class,
                    BoltLoad.Queries.class,
                    DriverLoad.Queries.class,
                    1_000,
                    1,
                    List.of(new Target(P50, 1.05))));

    private Workloads() {}

    static List<Workload> all() {
        return Stream.concat(ALL.stream(), AmqpWorkloads.ALL.stream()).toList();
    }
}
