package dev.polywire.house.broken.core.net;

import io.vertx.core.net.NetClientOptions;

/** What a service may know of core.net: no rule reports it. */
public interface EndpointOptions {

    NetClientOptions options();
}
