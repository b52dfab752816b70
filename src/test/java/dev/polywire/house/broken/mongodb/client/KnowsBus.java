package dev.polywire.house.broken.mongodb.client;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.core.bus.KnowsHazelcast;

@Breaks("client, session, server")
public interface KnowsBus {

    KnowsHazelcast bus();
}
