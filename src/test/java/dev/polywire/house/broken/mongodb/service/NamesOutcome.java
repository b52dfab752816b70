package dev.polywire.house.broken.mongodb.service;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.core.bus.request.Failure;

@Breaks("outcomes")
public class NamesOutcome {

    String lost() {
        return Failure.UNKNOWN_OUTCOME;
    }
}
