package dev.polywire.house.broken.mongodb.service;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.core.bus.request.Failure;
import java.util.function.Function;

@Breaks("typing")
public class TypesWhatFails {

    RuntimeException called(Throwable cause) {
        return Failure.of(cause);
    }

    Function<Throwable, RuntimeException> named() {
        return Failure::of;
    }
}
