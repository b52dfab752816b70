package dev.polywire.house.broken.eventstore.store;

import dev.polywire.house.Breaks;

@Breaks("store")
final class LooksAtClock {

    long nowMillis() {
        return System.currentTimeMillis();
    }
}
