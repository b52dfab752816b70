package dev.polywire.house.broken.core.net;

import dev.polywire.house.Breaks;
import io.vertx.core.eventbus.EventBus;

@Breaks("core.net")
public interface ListensOnEventBus {

    EventBus eventBus();
}
