package dev.polywire.eventstore.session;

import dev.polywire.testing.Relay;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** How connections end that nobody has closed. */
enum Kill {
    RESET(Relay::reset),
    /** The heartbeats find it. */
    HALF_OPEN(Relay::halfOpen),
    /** Between two packages: within one it would be another event. */
    GARBAGE(relay -> relay.babble("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII))),
    NONE(relay -> {});

    private final Consumer<Relay> how;

    Kill(Consumer<Relay> how) {
        this.how = how;
    }

    void at(Relay relay) {
        how.accept(relay);
    }
}
