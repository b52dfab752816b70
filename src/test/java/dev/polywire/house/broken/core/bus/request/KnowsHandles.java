package dev.polywire.house.broken.core.bus.request;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.core.bus.handle.KnowsRequests;

@Breaks("core.bus")
public interface KnowsHandles {

    KnowsRequests handles();
}
