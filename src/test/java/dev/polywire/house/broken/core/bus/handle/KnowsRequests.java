package dev.polywire.house.broken.core.bus.handle;

import dev.polywire.house.broken.core.bus.request.Failure;

/** What is higher up may use what is below it: no rule reports it. */
public interface KnowsRequests {

    Failure failure();
}
