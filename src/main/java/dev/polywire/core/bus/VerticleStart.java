package dev.polywire.core.bus;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.json.Secrets;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;

/** How a verticle of ours begins: from the JSON it is deployed with. */
public final class VerticleStart {

    private VerticleStart() {}

    /**
     * Reads the options, then starts. Runs on the verticle's context.
     *
     * @return fails with a {@link FieldException} that has all complaints, without secrets; with a {@link
     *     MissingLibraryException} when a library is not on the class path
     */
    public static <T> Future<Void> of(
            Vertx vertx, JsonObject config, Function<Fields, T> reading, Function<T, Future<Void>> start) {
        return MissingLibraryException.told(
                () -> options(vertx, config, reading).compose(start));
    }

    /**
     * Reads options in which references stand for secrets, of this process's environment and of files.
     *
     * @return fails with a {@link FieldException} that has all complaints, without secrets
     */
    public static <T> Future<T> options(Vertx vertx, JsonObject config, Function<Fields, T> reading) {
        // A file may be slow.
        return vertx.executeBlocking(() -> Secrets.whole(config, System.getenv(), reading));
    }
}
