package dev.polywire.house.broken.bridge;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.embedded.KnowsApp;

@Breaks("bridge")
public interface KnowsEmbedded {

    KnowsApp embedded();
}
