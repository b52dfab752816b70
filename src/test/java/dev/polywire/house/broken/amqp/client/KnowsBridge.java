package dev.polywire.house.broken.amqp.client;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.bridge.KnowsWing;

@Breaks("a wing")
public interface KnowsBridge {

    KnowsWing bridge();
}
