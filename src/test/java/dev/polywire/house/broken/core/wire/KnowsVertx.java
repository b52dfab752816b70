package dev.polywire.house.broken.core.wire;

import dev.polywire.house.Breaks;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;

@Breaks("wire")
public interface KnowsVertx {

    Future<Void> future();

    JsonObject json();

    ReadStream<?> stream();
}
