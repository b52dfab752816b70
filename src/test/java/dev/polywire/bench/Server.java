package dev.polywire.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The other side of a workload, as cheap as it can be, in a JVM of its own: {@code Server CLASS}. A line {@code heap} of its
 * input asks for the bytes in its heap after a collection, any other for the bytes that it has allocated; with them it tells the CPU of its threads.
 */
interface Server {

    /** @return the port it listens on, on 127.0.0.1 */
    Future<Integer> listen(Vertx vertx);

    static void main(String[] arguments) throws ReflectiveOperationException, IOException {
        var constructor = Class.forName(arguments[0]).getDeclaredConstructor();
        constructor.setAccessible(true);
        int port = ((Server) constructor.newInstance()).listen(Vertx.vertx()).await();
        Jvm.say(new JsonObject().put("port", port));
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            long bytes = order.equals("heap") ? IdleConnections.bytes() : Contender.allocatedBytes();
            Jvm.say(new JsonObject().put("bytes", bytes).put("threadNanos", Contender.threadNanos()));
        }
        System.exit(0);
    }
}
