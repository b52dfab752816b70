package dev.polywire.house.broken.framed.service;

import dev.polywire.house.broken.core.bus.KnowsHazelcast;
import dev.polywire.house.broken.core.net.EndpointOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.serviceproxy.ServiceException;

/** Everything that a service may know: no rule reports it. */
public interface KnowsEndpointOptions {

    EndpointOptions options();

    EventBus eventBus();

    KnowsHazelcast bus();

    ServiceException failure();
}
