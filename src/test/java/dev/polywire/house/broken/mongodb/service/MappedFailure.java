package dev.polywire.house.broken.mongodb.service;

import dev.polywire.house.broken.core.bus.request.Failure;

/** A protocol's mapping, by its name: no rule reports it. */
public class MappedFailure {

    RuntimeException of(Throwable cause) {
        return Failure.of(cause);
    }
}
