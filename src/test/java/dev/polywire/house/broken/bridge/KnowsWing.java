package dev.polywire.house.broken.bridge;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.framed.service.KnowsEndpointOptions;

@Breaks("bridge")
public interface KnowsWing {

    KnowsEndpointOptions wing();
}
