package dev.polywire.house.broken.core.json;

import dev.polywire.house.Breaks;
import io.vertx.core.Vertx;

@Breaks("core.json")
public interface KnowsVertx {

    Vertx vertx();
}
