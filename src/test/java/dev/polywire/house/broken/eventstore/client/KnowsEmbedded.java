package dev.polywire.house.broken.eventstore.client;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.embedded.KnowsApp;

@Breaks("a wing")
public interface KnowsEmbedded {

    KnowsApp embedded();
}
