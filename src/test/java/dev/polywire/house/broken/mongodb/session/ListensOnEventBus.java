package dev.polywire.house.broken.mongodb.session;

import dev.polywire.house.Breaks;
import io.vertx.core.eventbus.Message;

@Breaks("client, session, server")
public interface ListensOnEventBus {

    Message<?> message();
}
