package dev.polywire.house.broken.eventstore.service;

import dev.polywire.house.Breaks;
import io.vertx.core.net.NetSocket;
import java.net.Socket;

@Breaks("service")
public interface OpensSocket {

    NetSocket socket();

    Socket blocking();
}
