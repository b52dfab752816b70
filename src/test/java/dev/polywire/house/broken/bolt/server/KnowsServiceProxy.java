package dev.polywire.house.broken.bolt.server;

import dev.polywire.house.Breaks;
import io.vertx.serviceproxy.ServiceException;

@Breaks("client, session, server")
public interface KnowsServiceProxy {

    ServiceException failure();
}
