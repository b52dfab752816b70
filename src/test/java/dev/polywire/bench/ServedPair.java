package dev.polywire.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A server that is measured and a driver that asks it, in JVMs of their own. */
record ServedPair(Jvm server, Jvm driver, Figures servers, Figures drivers) implements AutoCloseable {

    /** Starts the driver, which has said that it is ready. */
    interface Driver {
        Jvm start(int port) throws IOException;
    }

    /** @param options of the server's JVM */
    static ServedPair of(Class<? extends Server> server, List<String> options, Driver driver) throws IOException {
        List<String> all = new ArrayList<>(options);
        all.addAll(Bench.options(server));
        Jvm listening = new Jvm(all, Server.class, server.getName());
        return new ServedPair(
                listening, driver.start(listening.answer().getInteger("port")), new Figures(), new Figures());
    }

    /** @param order for the driver @param operations that are in it @param counts whether the machine is warm */
    void round(String order, int operations, boolean counts) throws IOException {
        round(order, operations, counts ? servers : new Figures(), counts ? drivers : new Figures());
    }

    /** The same, with the figures in other places. */
    void round(String order, int operations, Figures served, Figures drove) throws IOException {
        long serverNanos = server.cpuNanos();
        long driverNanos = driver.cpuNanos();
        JsonObject before = server.ask("allocated");
        JsonObject round = driver.ask(order);
        JsonObject after = server.ask("allocated");
        JsonObject ofServer = round.copy()
                .put("allocatedBytes", after.getLong("bytes") - before.getLong("bytes"))
                .put("threadNanos", after.getLong("threadNanos") - before.getLong("threadNanos"));
        drove.add(round, driver.cpuNanos() - driverNanos, operations);
        served.add(ofServer, server.cpuNanos() - serverNanos, operations);
    }

    /** In the heap of the server, after a collection. */
    long heapBytes() throws IOException {
        return server.ask("heap").getLong("bytes");
    }

    @Override
    public void close() {
        driver.close();
        server.close();
    }
}
