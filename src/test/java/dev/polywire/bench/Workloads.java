package dev.polywire.bench;

import static dev.polywire.bench.Workload.Figure.ALLOCATED;
import static dev.polywire.bench.Workload.Figure.CPU;
import static dev.polywire.bench.Workload.Figure.P50;
import static dev.polywire.bench.Workload.Figure.THROUGHPUT;

import dev.polywire.bench.Workload.Target;
import java.util.List;

/** All there are. A wing adds its own. */
final class Workloads {

    static final List<Workload> ALL = List.of(
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
                    List.of()));

    private Workloads() {}
}
