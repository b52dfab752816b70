package dev.polywire.house.broken.framed.server;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.app.KnowsMongoServer;

@Breaks("a wing")
public interface KnowsApp {

    KnowsMongoServer app();
}
