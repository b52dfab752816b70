#!/usr/bin/env bash
# Vert.x 5.1.6 (io.vertx:vertx-core): the second shutdown() or close() of a NetServer is answered while the first still runs.
#
# Expected: a second call is answered when the first is. Whoever is answered may take the port. close(), which does not wait for
#   open connections, closes them.
# Seen: a second call is answered at once and does nothing, so that close() leaves open what shutdown() waits for. The server
#   may not have left its port yet. Then the next NetServer on that port joins the one that is leaving: its listen() succeeds,
#   and nobody can connect to it. That is a race: it was so in about every third round, and one of 50 is enough here.
# The output on 2026-11-29, with OpenJDK 17:
#> the first shutdown, of 60 s: runs
#> a second shutdown: succeeded
#> close: succeeded
#> the first shutdown, a second later: runs
#> the connection: open
#> the next server: listen() succeeded, connection refused
#
# Needs a JDK 17 and Maven 3.8.
set -euo pipefail

. "$(dirname "$0")/lib/vertx.sh"

cat >"$folder/Main.java" <<'JAVA'
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

public class Main {

    private static final String HOST = "127.0.0.1";
    private static final int ROUNDS = 50;

    private final Vertx vertx = Vertx.vertx();
    private final NetClient client = vertx.createNetClient();

    public static void main(String[] arguments) throws Exception {
        Main main = new Main();
        try {
            main.connectionStaysOpen();
            System.out.println("the next server: " + main.nextServer());
        } finally {
            main.vertx.close();
        }
    }

    private void connectionStaysOpen() throws Exception {
        int port = freePort();
        NetServer server = server();
        get(server.listen(port, HOST));
        NetSocket connection = get(client.connect(port, HOST));
        CompletableFuture<Void> closed = new CompletableFuture<>();
        connection.closeHandler(closed::complete);
        // The server has to know of the connection.
        Thread.sleep(500);
        Future<Void> shutdown = server.shutdown(60, TimeUnit.SECONDS);
        System.out.println("the first shutdown, of 60 s: " + state(shutdown));
        Future<Void> second = server.shutdown(60, TimeUnit.SECONDS);
        System.out.println("a second shutdown: " + state(second));
        Future<Void> close = server.close();
        System.out.println("close: " + state(close));
        Thread.sleep(1_000);
        System.out.println("the first shutdown, a second later: " + state(shutdown));
        System.out.println("the connection: " + (closed.isDone() ? "closed" : "open"));
        get(connection.close());
    }

    private String nextServer() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            int port = freePort();
            NetServer leaving = server();
            get(leaving.listen(port, HOST));
            leaving.shutdown(60, TimeUnit.SECONDS);
            get(leaving.close());
            try {
                get(server().listen(port, HOST));
            } catch (ExecutionException failed) {
                // The port is still taken, which at least is said.
                if (failed.getCause() instanceof BindException) {
                    continue;
                }
                throw failed;
            }
            Thread.sleep(100);
            try {
                get(client.connect(port, HOST));
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof ConnectException) {
                    return "listen() succeeded, connection refused";
                }
                throw failed;
            }
        }
        return "reached in each of " + ROUNDS + " rounds";
    }

    /** A server whose connections stay open while it waits for them. */
    private NetServer server() {
        return vertx.createNetServer().connectHandler(socket -> socket.shutdownHandler(timeout -> {}));
    }

    private static String state(Future<?> future) {
        return !future.isComplete() ? "runs" : future.succeeded() ? "succeeded" : "failed";
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        }
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
JAVA

run_with io.vertx:vertx-core:5.1.6
