package dev.polywire.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;

/** Gives back what it gets, as it comes. */
final class EchoServer implements Server {

    @Override
    public Future<Integer> listen(Vertx vertx) {
        return vertx.createNetServer()
                .connectHandler(socket -> socket.handler(socket::write))
                .listen(0, "127.0.0.1")
                .map(NetServer::actualPort);
    }
}
