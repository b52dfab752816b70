package dev.polywire.house.broken.core.net;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.eventstore.client.KnowsEmbedded;

@Breaks("core.net")
public interface KnowsWing {

    KnowsEmbedded wing();
}
