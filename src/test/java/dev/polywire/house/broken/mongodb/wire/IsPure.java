package dev.polywire.house.broken.mongodb.wire;

import dev.polywire.house.broken.core.wire.KnowsNet;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;

/** Everything that a wire package may use: no rule reports it. */
public final class IsPure {

    Buffer bytes() {
        return Buffer.buffer();
    }

    KnowsNet core() {
        return null;
    }

    Optional<DrawsNonce> itsOwn() {
        return Optional.empty();
    }

    int seeded(long seed) {
        return new Random(seed).nextInt();
    }

    Instant time(long nowMillis) {
        return Instant.ofEpochMilli(nowMillis);
    }

    URI address(String text) {
        return URI.create(text);
    }
}
