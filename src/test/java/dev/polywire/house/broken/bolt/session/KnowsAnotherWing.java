package dev.polywire.house.broken.bolt.session;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.mongodb.client.KnowsBus;

@Breaks("a wing")
public interface KnowsAnotherWing {

    KnowsBus other();
}
