package dev.polywire.house.broken.embedded;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.app.KnowsMongoServer;

@Breaks("embedded")
public interface KnowsApp {

    KnowsMongoServer app();
}
