package dev.polywire.app;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.StrictJson;
import io.vertx.config.spi.utils.Processors;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The format of a configuration file, by its extension. The processors of vertx-config convert YAML and HOCON to JSON. */
enum Format {
    JSON(List.of(".json")),
    YAML(List.of(".yaml", ".yml")),
    HOCON(List.of(".conf", ".hocon"));

    /** Nested objects and lists: no option needs a quarter of this depth, and readers are recursive. */
    static final int MAX_DEPTH = 32;

    private final List<String> endings;

    Format(List<String> endings) {
        this.endings = endings;
    }

    /** @return null when the extension is unknown */
    static @Nullable Format of(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        for (Format format : values()) {
            if (format.endings.stream().anyMatch(name::endsWith)) {
                return format;
            }
        }
        return null;
    }

    /**
     * Reads a document.
     *
     * @return fails with {@link Lines.Malformed}, or with the {@link FieldException} of JSON without a line; neither has
     *     a part of the document
     */
    Future<JsonObject> read(Vertx vertx, Buffer document) {
        try {
            return this == JSON
                    ? Future.succeededFuture(object(new StrictJson(MAX_DEPTH).read(document)))
                    : processed(vertx, document);
        } catch (FieldException | Lines.Malformed malformed) {
            return Future.failedFuture(malformed);
        }
    }

    /** The line of each field: {@code connectors[0].port} is 12. */
    Map<String, Integer> lines(String text) {
        return this == YAML ? Lines.ofYaml(text) : Lines.ofHocon(text, this == JSON);
    }

    /** The processors accept duplicate keys, and quote the document when they fail: so the lines are read first. */
    private Future<JsonObject> processed(Vertx vertx, Buffer document) {
        return vertx.executeBlocking(() -> lines(document.toString()))
                .compose(orderly -> Processors.get(name().toLowerCase(Locale.ROOT))
                        .process(vertx, new JsonObject(), document)
                        .recover(no -> Future.failedFuture(notAnObject())))
                .map(json -> json == null ? new JsonObject() : new JsonObject(json.encode()));
    }

    private static JsonObject object(@Nullable Object json) {
        if (json instanceof JsonObject object) {
            return object;
        }
        throw notAnObject();
    }

    private static Lines.Malformed notAnObject() {
        return new Lines.Malformed(0, "not an object (expected: an object)");
    }
}
