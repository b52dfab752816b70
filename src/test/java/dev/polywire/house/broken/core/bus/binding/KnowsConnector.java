package dev.polywire.house.broken.core.bus.binding;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.core.bus.KnowsHazelcast;

@Breaks("core.bus")
public interface KnowsConnector {

    KnowsHazelcast connector();
}
