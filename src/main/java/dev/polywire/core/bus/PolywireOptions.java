package dev.polywire.core.bus;

import dev.polywire.core.json.Fields;
import dev.polywire.core.net.MemoryOptions;

/**
 * What all connectors and bridges of a Vert.x instance have in common, see {@link Polywire#install(io.vertx.core.Vertx,
 * PolywireOptions)}.
 *
 * @param memory how much their peers may make them hold, all together
 */
public record PolywireOptions(MemoryOptions memory) {

    public static final PolywireOptions DEFAULT = new PolywireOptions(MemoryOptions.DEFAULT);

    /** Reads {@code memory: {maxBytes}} from a larger object. */
    public static PolywireOptions fromJson(Fields json) {
        return new PolywireOptions(MemoryOptions.fromJson(json.object("memory")));
    }
}
