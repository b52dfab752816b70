package dev.polywire.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;

/** The other side of a workload, as cheap as it can be, in a JVM of its own: {@code Server CLASS}. */
interface Server {

    /** @return the port it listens on, on 127.0.0.1 */
    Future<Integer> listen(Vertx vertx);

    static void main(String[] arguments) throws ReflectiveOperationException, IOException {
        var constructor = Class.forName(arguments[0]).getDeclaredConstructor();
        constructor.setAccessible(true);
        int port = ((Server) constructor.newInstance()).listen(Vertx.vertx()).await();
        Jvm.say(new JsonObject().put("port", port));
        while (System.in.read() >= 0) {
            // It takes no orders, but ends with them.
        }
        System.exit(0);
    }
}
