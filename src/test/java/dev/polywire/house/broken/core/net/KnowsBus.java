package dev.polywire.house.broken.core.net;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.core.bus.KnowsHazelcast;

@Breaks("core.net")
public interface KnowsBus {

    KnowsHazelcast bus();
}
