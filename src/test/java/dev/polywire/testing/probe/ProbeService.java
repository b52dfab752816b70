package dev.polywire.testing.probe;

import dev.polywire.core.bus.request.ServiceProxies;
import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.Nullable;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.codegen.annotations.ProxyIgnore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** One method for each thing that a service can do to its caller. */
@ProxyGen
public interface ProbeService {

    /** One argument of each type. @return them, and the header {@code mark} of the request that is current */
    Future<JsonObject> echo(
            String text, int n, long big, boolean flag, double d, @Nullable JsonObject extra, JsonArray list);

    /** Lists, and a number that may be left out. @return what came */
    Future<JsonObject> lists(List<String> names, List<Long> numbers, @Nullable Long wide);

    /** Is answered when the test says so. @param text what it holds until then */
    Future<JsonObject> hang(@Nullable String text);

    /** Is not answered, and knows why when its deadline comes. */
    Future<JsonObject> expire(boolean precise);

    /** @param how one of {@link Fault}'s names */
    Future<JsonObject> fail(String how);

    /** A stream of the numbers from 1 to {@code count}. @param slowly true: when the test says so */
    Future<JsonObject> open(int count, boolean slowly);

    /** Gives what {@code open} would read to an address. */
    Future<JsonObject> bind(int count, String address, @Nullable JsonObject options);

    Future<JsonObject> status();

    /** No action: it has no proxy. */
    @ProxyIgnore
    default void reset() {}

    @GenIgnore
    static ProbeService proxy(Vertx vertx, String address) {
        return ServiceProxies.of(vertx, address, with -> new ProbeServiceVertxEBProxy(vertx, address, with));
    }

    @GenIgnore
    static ProbeService proxy(Vertx vertx, String address, long deadlineMillis) {
        return ServiceProxies.of(
                vertx, address, deadlineMillis, with -> new ProbeServiceVertxEBProxy(vertx, address, with));
    }
}
